// Rows on their way into a table, and files on their way out, as the session sees them.
#include <algorithm>
#include <utility>

#include "engine/row_writer.hpp"
#include "engine/session.hpp"
#include "engine/session_attempt.hpp"
#include "engine/text_checks.hpp"

namespace luamig::engine {
namespace {

constexpr const char* begin_savepoint = "SAVEPOINT luamig_rows";
constexpr const char* undo_savepoint = "ROLLBACK TO SAVEPOINT luamig_rows";
constexpr const char* end_savepoint = "RELEASE SAVEPOINT luamig_rows";

}  // namespace

/// The savepoint, where there is one, lies in every savepoint of the script's.
void session::begin_rows(row_writer& by, const statement& s, const db::row_target& into,
                         bool guarded) {
  const counted_call counted(clock_);
  require_whole();
  if (writing_ != nullptr) writing_->settle();
  check_text(s.sql, kind(), s, false);
  const db::statement_facts facts = sink_.reader().inspect(s.sql);
  require_place(s, facts);
  sink_.ready(s);
  send_savepoints();
  if (guarded) sink_.host(begin_savepoint);
  attempt(s, &sink_.reader(), [&] {
    make_way(facts);
    sink_.writes(s);
    sink_.reader().begin_rows(into);
    return 0;
  });
  writing_ = &by;
}

db::row_outcome session::send_rows(const statement& s, const db::row_block& rows, std::size_t first,
                                   std::size_t last) {
  require_whole();
  return attempt(s, &sink_.reader(), [&] { return sink_.reader().add_rows(rows, first, last); });
}

/// A refusal undoes what the rows were where a savepoint guards them; else only what is around it
/// cures it.
db::row_outcome session::end_rows(const statement& s, bool guarded) {
  const counted_call counted(clock_);
  writing_ = nullptr;
  db::row_outcome out = attempt(s, &sink_.reader(), [&] { return sink_.reader().end_rows(); });
  if (guarded) {
    if (out.failure) sink_.host(undo_savepoint);
    sink_.host(end_savepoint);
  }
  return out;
}

std::unique_ptr<row_intake> session::write_rows(db::row_target into, std::string file, int line,
                                                row_intake::refusal on_refusal) {
  return std::make_unique<row_writer>(*this, std::move(into), std::move(file), line,
                                      std::move(on_refusal));
}

void session::note_failure(const statement& s) {
  failed_ = s;
  failed_at_ = reached();
}

/// A statement of the script's that writes comes next: what it was given before goes first.
void session::settle_rows() {
  for (row_writer* writer : std::vector<row_writer*>(writers_)) writer->settle();
}

/// A savepoint is to be sent, and would take along rows that were made before it: they go first, to
/// where their writer was made.
void session::settle_outer_rows() {
  const auto end = levels_.begin() + static_cast<std::ptrdiff_t>(reached());
  const auto unsent = std::find_if(levels_.begin(), end, [](const level& l) { return !l.sent; });
  if (unsent == end) return;
  const auto first = static_cast<std::size_t>(unsent - levels_.begin());
  for (row_writer* writer : std::vector<row_writer*>(writers_)) {
    if (writer->depth() <= first) writer->settle();
  }
}

/// One that reads comes next, and the connection must be free.
void session::pause_rows() {
  if (writing_ != nullptr && kind() == db::engine::postgresql) writing_->pause();
}

/// The writers that were made in a savepoint of this depth write nothing more. On PostgreSQL the
/// transaction, up to its last savepoint, goes with the rows on their way.
void session::abandon_rows(std::size_t depth) noexcept {
  for (row_writer*& writer : writers_) {
    if (writer->depth() < depth) continue;
    if (writer == writing_) {
      failed_at_ = levels_.size();
      writing_ = nullptr;
      sink_.reader().drop_rows();
    }
    std::exchange(writer, nullptr)->leave();
  }
  std::erase(writers_, nullptr);
}

void session::keep_file(file::output written) {
  require_whole();
  if (!sink_.keeps_file(written.path().string())) return;
  for (const file_kept& other : files_) {
    if (written.replaces() || other.written.path() != written.path()) continue;
    throw error(errc::migration,
                "'" + written.path().string() + "' is written twice in this transaction",
                "overwrite = true: the second takes the place of the first");
  }
  files_.push_back({levels_.size(), std::move(written)});
}

/// A savepoint of this depth has ended: what was written in it belongs to what is around it, or
/// goes.
void session::settle_files(std::size_t depth, bool keep) {
  if (!keep) std::erase_if(files_, [&](const file_kept& f) { return f.depth >= depth; });
  for (file_kept& f : files_) f.depth = std::min(f.depth, depth - 1);
}

std::vector<file::output> session::take_files() {
  std::vector<file::output> out;
  for (file_kept& f : files_) out.push_back(std::move(f.written));
  files_.clear();
  return out;
}

}  // namespace luamig::engine
