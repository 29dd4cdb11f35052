// Which row an error is about, while a function looks at it.
#include <string>

#include "base/text.hpp"
#include "bindings/csv_file.hpp"
#include "bindings/lazy_row.hpp"
#include "bindings/rows.hpp"
#include "db/parameters.hpp"

namespace luamig::bindings {
namespace {

constexpr std::size_t longest_key = 60;  // of one column, in bytes

}  // namespace

std::string row_named(const context& ctx) {
  if (const csv_file* const csv = ctx.row.line_of; csv != nullptr && csv->reader)
    return " (" + csv->name + ":" + std::to_string(csv->reader->line()) + ")";
  const row_window* const w = ctx.row.in;
  if (w == nullptr || w->block == nullptr) return {};
  std::string text = " (" + std::string(ctx.row.table);
  for (std::size_t i = 0; i < ctx.row.key; ++i) {
    const value v = db::to_value(*w->block, w->block->at(w->row, i));
    text += ", " + w->columns[i].name + " = ";
    text += text::shorten(db::literal(v, ctx.database().kind()), longest_key);
  }
  return text + ")";
}

}  // namespace luamig::bindings
