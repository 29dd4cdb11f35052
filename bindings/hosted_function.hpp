#pragma once

#include <cstddef>
#include <functional>
#include <lua.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "bindings/row_code.hpp"
#include "bindings/row_machine.hpp"

namespace luamig::bindings {

struct context;

/// A function on rows that the host runs itself, as far as it can, and Lua runs for all other rows.
class hosted_function {
 public:
  /// A run over rows begins: what the function means may have changed since the last one.
  void begin() noexcept { is_known_ = false; }
  /// Lua has run the function at `index` for a row, and the host may run it for the next ones. Not
  /// before: a module is made when a script first names it. // -
  void read(lua_State* L, int index, std::span<const db::column> columns);

  /// Lua is about to run the function: until it has done so without an error, and `read` is called
  /// again, what the function has captured may change, or be gone.
  void give_to_lua() noexcept { is_fresh_ = false; }

  /// Runs it for a row. False: Lua has to, because the host cannot or a script is to be stopped.
  /// `has_out`: the function is given `out`.
  [[nodiscard]] bool run(const context& ctx, const db::row_block& block, std::size_t row,
                         bool has_out);
  /// What it gave cannot be taken: Lua runs it again, and says why.
  void leave() noexcept { machine_.leave(); }

  [[nodiscard]] std::span<const row_value> given() const noexcept { return machine_.given(); }
  [[nodiscard]] std::span<const row_machine::inserted> inserts() const noexcept {
    return machine_.inserts();
  }
  [[nodiscard]] std::span<const row_code::field> fields(const row_value& table) const {
    return machine_.fields(table);
  }
  /// Where the names of a field stand among those of `target`, one of several that are numbered;
  /// below 0: nowhere. `name_of`: its names, in order, of which it has `count`.
  [[nodiscard]] std::span<const int> places(
      std::size_t target, std::size_t count,
      const std::function<std::string_view(std::size_t)>& name_of);

 private:
  row_code code_;
  row_machine machine_;
  std::vector<std::vector<int>> places_;  // by target
  bool is_known_ = false;
  bool is_fresh_ = false;  // of what it has captured
};

}  // namespace luamig::bindings
