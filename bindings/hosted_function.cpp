#include "bindings/hosted_function.hpp"

#include "bindings/context.hpp"

namespace luamig::bindings {

void hosted_function::read(lua_State* L, int index, std::span<const db::column> columns) {
  if (machine_.has_given_up()) return;
  if (is_known_) {
    code_.look_again(L, index);
  } else {
    places_.clear();
    code_.read(L, index, columns);
  }
  is_known_ = is_fresh_ = true;
}

bool hosted_function::run(const context& ctx, const db::row_block& block, std::size_t row,
                          bool has_out) {
  return is_known_ && is_fresh_ && ctx.interrupted.load(std::memory_order_relaxed) == 0 &&
         machine_.run(code_, block, row, has_out);
}

std::span<const int> hosted_function::places(
    std::size_t target, std::size_t count,
    const std::function<std::string_view(std::size_t)>& name_of) {
  if (places_.size() <= target) places_.resize(target + 1);
  std::vector<int>& places = places_[target];
  if (!places.empty()) return places;
  places.assign(code_.names().size(), -1);
  for (std::size_t name = 0; name < places.size(); ++name) {
    for (std::size_t i = 0; i < count; ++i)
      if (name_of(i) == code_.names()[name]) places[name] = static_cast<int>(i);
  }
  return places;
}

}  // namespace luamig::bindings
