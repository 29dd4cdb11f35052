// Which row an error is about, while a function looks at it.
#include <string>

#include "base/text.hpp"
#include "bindings/csv_file.hpp"
#include "bindings/rows.hpp"
#include "db/parameters.hpp"

namespace luamig::bindings {
namespace {

constexpr std::size_t longest_key = 60;  // of one column, in bytes

}  // namespace

std::string row_named(const context& ctx) {
  if (const csv_file* const csv = ctx.row.line_of; csv != nullptr && csv->reader)
    return " (" + csv->name + ":" + std::to_string(csv->reader->line()) + ")";
  const open_cursor* const c = ctx.row.from;
  if (c == nullptr || c->rows == nullptr || c->rows->block().rows() <= c->rows->row()) return {};
  std::string text = " (" + ctx.row.table;
  for (std::size_t i = 0; i < ctx.row.key; ++i) {
    const db::row_block& block = c->rows->block();
    const value v = db::to_value(block, block.at(c->rows->row(), i));
    text += ", " + c->rows->columns()[i].name + " = ";
    text += text::shorten(db::literal(v, ctx.database().kind()), longest_key);
  }
  return text + ")";
}

}  // namespace luamig::bindings
