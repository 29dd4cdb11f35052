// COPY … FROM STDIN: the pipeline's, and rows that are written by it.
#include <algorithm>
#include <charconv>
#include <utility>

#include "base/error.hpp"
#include "db/copy_text.hpp"
#include "db/postgres_connection.hpp"
#include "db/postgres_error.hpp"
#include "db/postgres_pipeline.hpp"

namespace luamig::db {

/// COPY is not for pipelines.
void postgres_pipeline::begin_copy(std::string_view sql) {
  if (!lost_.empty()) lost();
  take_copy();
  pq_.exitPipelineMode(raw_);
  const bool sent = pq_.sendQuery(raw_, std::string(sql).c_str()) == 1;
  const result_owner first = sent ? next_result() : result_owner{nullptr, {}};
  if (first && pq_.resultStatus(first.get()) == PGRES_COPY_IN) {
    copying_ = sql;
    return;
  }
  std::optional<error> failure;
  if (first) failure = postgres_error(pq_, first.get(), sql, 0);
  copied rest = read_copy(sql);
  if (!failure) failure = std::move(rest.failure);
  if (failure) throw error{std::move(*failure)};
  require_sent(0, sql);
}

void postgres_pipeline::put_copy(std::string_view data) {
  constexpr std::size_t piece = 256 * 1024;
  for (; !data.empty(); data.remove_prefix(std::min(piece, data.size()))) {
    const std::string_view next = data.substr(0, piece);
    if (pq_.putCopyData(raw_, next.data(), static_cast<int>(next.size())) != 1) break;
  }
  if (broken()) lost();
}

postgres_pipeline::copied postgres_pipeline::end_copy() {
  const std::string sql = std::exchange(copying_, {});
  pq_.putCopyEnd(raw_, nullptr);
  return read_copy(sql);
}

void postgres_pipeline::drop_copy() noexcept {
  if (std::exchange(copying_, {}).empty()) return;
  if (!std::exchange(copy_taken_, nullptr)) pq_.putCopyEnd(raw_, "the rows were given up");
  while (const result_owner result = next_result()) {
    if (broken()) return;
  }
  pq_.enterPipelineMode(raw_);
}

/// The end of a COPY: how many rows came, or the first error.
postgres_pipeline::copied postgres_pipeline::read_copy(std::string_view sql) {
  copied out;
  while (const result_owner result = next_result()) {
    const ExecStatusType status = pq_.resultStatus(result.get());
    if (status == PGRES_FATAL_ERROR && !out.failure) {
      out.failure = postgres_error(pq_, result.get(), sql, 0);
      const char* const at = pq_.resultErrorField(result.get(), PG_DIAG_CONTEXT);
      if (at != nullptr) out.context = at;
    }
    if (status == PGRES_COMMAND_OK) {
      const std::string_view rows = pq_.cmdTuples(result.get());
      std::from_chars(rows.data(), rows.data() + rows.size(), out.rows);
    }
    if (broken()) break;
  }
  if (broken()) lost();
  pq_.enterPipelineMode(raw_);
  return out;
}

std::int64_t postgres_pipeline::copy_in(std::string_view sql, std::string_view data) {
  begin_copy(sql);
  put_copy(data);
  copied out = end_copy();
  if (!out.failure) return out.rows;
  if (!out.context.empty()) out.failure->message += " (" + out.context + ")";
  throw error{std::move(*out.failure)};
}

void postgres_pipeline::send_copy(std::string_view sql, std::string_view data,
                                  const std::shared_ptr<std::int64_t>& affected) {
  begin_copy(sql);
  put_copy(data);
  pq_.putCopyEnd(raw_, nullptr);
  copy_taken_ = affected;
}

bool postgres_pipeline::waits_for_copy() {
  return copy_taken_ && pq_.consumeInput(raw_) == 1 && pq_.isBusy(raw_) == 1;
}

void postgres_pipeline::take_copy(std::optional<error>& failure) {
  if (!copy_taken_) return;
  const auto taken = std::exchange(copy_taken_, nullptr);
  copied out = read_copy(std::exchange(copying_, {}));
  *taken += out.rows;
  if (!failure) failure = std::move(out.failure);
}

void postgres_pipeline::take_copy() {
  std::optional<error> failure;
  take_copy(failure);
  if (failure) throw error{std::move(*failure)};
}

namespace {

/// What the server says a failure is about: "COPY users, line 3, column id: \"abc\"".
struct copy_place {
  std::int64_t line = 0;  // 0: it does not say, or in another language
  std::string column;
  std::string value;  // as far as it is told
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

void postgres_connection::begin_rows(const row_target& into) {
  const std::string sql = statement_of(into, engine::postgresql);
  if (who_ != authority::host) guard_script(sql, true);
  close_left_open();
  sync();
  pipeline_.begin_copy(sql);
  copied_name_ = into.name;
}

row_outcome postgres_connection::add_rows(const row_block& rows, std::size_t first,
                                          std::size_t last) {
  pipeline_.put_copy(copy_text(rows, first, last, copy_room_));
  return {};
}

row_outcome postgres_connection::end_rows() {
  postgres_pipeline::copied copied = pipeline_.end_copy();
  row_outcome out{copied.rows, std::move(copied.failure), 0, {}};
  if (!out.failure) return out;
  copy_place place = place_in(copied.context, copied_name_);
  out.row = place.line;
  out.value = std::move(place.value);
  if (out.failure->column.empty()) out.failure->column = place.column;
  return out;
}

void postgres_connection::drop_rows() noexcept { pipeline_.drop_copy(); }

}  // namespace luamig::db
