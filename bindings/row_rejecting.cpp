// Rows that a function leaves out.
#include <string>

#include "bindings/error_object.hpp"
#include "bindings/row_showing.hpp"
#include "bindings/rows.hpp"

namespace luamig::bindings {

void row_work::reject(std::string_view why) {
  back_to_row();
  db::row_block& into = blocks[rejects].rows;
  add_key(into);
  into.add_bytes(db::cell_kind::text, why);
}

// One of the database may be about rows before this one, whose changes travel.
bool reject_raised(lua_State* L, row_work& w) {
  if (w.blocks[row_work::rejects].rows.rows() >= w.most_raised) return false;
  const error* const raised = to_error(L, -1);
  if (raised == nullptr || raised->code != errc::migration) return false;
  std::string_view why = raised->message;
  const std::string name = row_named(context::of(L));
  if (why.ends_with(name)) why.remove_suffix(name.size());
  w.reject(why);
  return true;
}

}  // namespace luamig::bindings
