// The rows of a work that the host does itself, without Lua.
#include <algorithm>

#include "bindings/row_showing.hpp"

namespace luamig::bindings {

void row_work::end_row() {
  last.clear(key);
  add_key(last);
}

bool row_work::take_row(std::size_t block, const row_value& row) {
  const auto names = blocks[block].names();
  const auto places =
      hosted.places(block, names.size(), [&](std::size_t i) { return std::string_view(names[i]); });
  return blocks[block].read(hosted.fields(row), places);
}

bool row_work::take_inserted(const row_machine::inserted& row) {
  const auto into = std::find(tables.begin(), tables.end(), row.table);
  if (into == tables.end() || into->empty()) return false;
  const auto block = static_cast<std::size_t>(into - tables.begin());
  if (!take_row(block, row.row)) return false;
  blocks[block].put();
  ++gathered;
  return true;
}

bool row_work::take_reject(const row_value& why) {
  if (!may_reject) return false;
  reject(why.what() == row_value::sort::text ? why.text() : "rejected by the function");
  return true;
}

bool row_work::take_given() {
  using sort = row_value::sort;
  const auto given = hosted.given();
  for (const row_machine::inserted& row : hosted.inserts())
    if (!take_inserted(row)) return false;
  const row_value answer = given.empty() ? row_value::of(sort::nil) : given[0];
  const row_value why = given.size() < 2 ? row_value::of(sort::nil) : given[1];
  const bool is_text = answer.what() == sort::text;
  if (is_text && answer.text() == "reject") return take_reject(why);
  if (given.size() > 2 || why.what() != sort::nil) return false;
  if (answer.what() == sort::nil || answer.what() == sort::no) return true;
  if (is_text && answer.text() == "delete") {
    add_key(blocks[removals].rows);
  } else if (answer.what() == sort::table && writes) {
    if (!take_row(changes, answer)) return false;
    add_key(blocks[changes].rows);
    blocks[changes].put();
  } else {
    return false;
  }
  ++gathered;
  return true;
}

bool row_work::do_by_host(const context& ctx) {
  if (!hosted.run(ctx, *window->block, window->row, true)) return false;
  if (!take_given()) {
    back_to_row();
    hosted.leave();
    return false;
  }
  ++shown;
  ++by_host;
  end_row();
  return true;
}

}  // namespace luamig::bindings
