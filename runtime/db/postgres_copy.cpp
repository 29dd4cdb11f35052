// COPY … FROM STDIN, which is not for pipelines.
#include <algorithm>
#include <charconv>
#include <utility>

#include "base/error.hpp"
#include "db/postgres_error.hpp"
#include "db/postgres_pipeline.hpp"

namespace luamig::db {

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

void postgres_pipeline::send_copy(std::string_view sql,
                                  std::initializer_list<std::string_view> data,
                                  const std::shared_ptr<std::int64_t>& affected) {
  begin_copy(sql);
  for (const std::string_view piece : data) put_copy(piece);
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

}  // namespace luamig::db
