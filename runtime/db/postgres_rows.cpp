#include "db/postgres_rows.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "db/copy_binary.hpp"
#include "db/copy_text.hpp"

namespace luamig::db {
namespace {

/// What the server says a failure is about: "COPY users, line 3, column id: \"abc\"".
struct copy_place {
  std::int64_t line = 0;  // 0: it does not say, or in another language
  std::string column;
  std::optional<std::string> value;  // as far as it is told
};

/// What is behind these words, where a line of the context begins with them.
std::string_view behind(std::string_view context, std::string_view words) {
  for (std::size_t at = 0; at != std::string_view::npos; at = context.find(words, at + 1)) {
    if (context.substr(at).starts_with(words) && (at == 0 || context[at - 1] == '\n'))
      return context.substr(at + words.size());
  }
  return {};
}

copy_place place_in(std::string_view context, const std::string& table) {
  context = behind(context, "COPY " + table + ", line ");
  copy_place out;
  const char* const last = context.data() + context.size();
  const char* const end = std::from_chars(context.data(), last, out.line).ptr;
  context.remove_prefix(static_cast<std::size_t>(end - context.data()));
  constexpr std::string_view of = ", column ";
  if (!context.starts_with(of)) return out;
  context.remove_prefix(of.size());
  const std::size_t colon = std::min(context.find(": "), context.size());
  out.column = context.substr(0, colon);
  context.remove_prefix(colon);
  if (context.size() >= 4 && context.starts_with(": \"") && context.ends_with('"'))
    out.value = context.substr(3, context.size() - 4);
  return out;
}

}  // namespace

postgres_rows::postgres_rows(postgres_pipeline& by, row_target into)
    : by_(by), into_(std::move(into)) {
  by_.begin_copy(statement_of(into_, engine::postgresql));
  if (!into_.forms.empty()) by_.put_copy(copy_binary_head);
}

void postgres_rows::begin_texts() {
  row_outcome so_far = end_copy();
  into_.forms.clear();
  if (so_far.failure) {
    ended_ = std::move(so_far);
    return;
  }
  sent_before_ = std::exchange(sent_, 0);
  written_before_ = so_far.written;
  by_.begin_copy(statement_of(into_, engine::postgresql));
}

void postgres_rows::add(const row_block& rows, std::size_t first, std::size_t last) {
  if (!into_.forms.empty()) {
    const std::size_t begin = first;
    by_.put_copy(copy_binary(rows, first, last, into_.forms, room_));
    sent_ += static_cast<std::int64_t>(first - begin);
    if (first < last) begin_texts();
  }
  if (first == last || ended_) return;
  by_.put_copy(copy_text(rows, first, last, room_));
  sent_ += static_cast<std::int64_t>(last - first);
}

row_outcome postgres_rows::end_copy() {
  if (!into_.forms.empty()) by_.put_copy(copy_binary_end);
  postgres_pipeline::copied copied = by_.end_copy();
  if (!copied.failure) return {written_before_ + copied.rows, {}, 0, {}};
  copy_place place = place_in(copied.context, into_.name);
  if (copied.failure->column.empty()) copied.failure->column = std::move(place.column);
  return {0, std::move(copied.failure), place.line == 0 ? 0 : sent_before_ + place.line,
          std::move(place.value)};
}

row_outcome postgres_rows::end() { return ended_ ? *std::move(ended_) : end_copy(); }

}  // namespace luamig::db
