#include "engine/second_database.hpp"

#include <filesystem>
#include <optional>
#include <utility>
#include <variant>

#include "base/file.hpp"
#include "engine/live_sink.hpp"
#include "engine/text_checks.hpp"

namespace luamig::engine {
namespace {

constexpr std::string_view named = "database '";

/// No two servers share the instant of their start and the name of a database.
constexpr std::string_view postgres_identity =
    "SELECT (extract(epoch FROM pg_catalog.pg_postmaster_start_time()))::text || ' ' || "
    "pg_catalog.current_database()";
constexpr std::string_view sqlite_file =
    "SELECT file FROM pragma_database_list WHERE name = 'main'";

[[noreturn]] void refuse_change(const statement& s) {
  refuse(s, "it is only read here, and this statement does more than that: it was not run",
         "op and db:execute change the database that is migrated");
}

[[noreturn]] void refuse_same() {
  throw error(errc::migration, "it is the database that is migrated, under another name",
              "read it by db: op.database is for another one");
}

[[noreturn]] void refuse_missing(const db::url& where) {
  error e(errc::connection, "cannot open '" + where.shown + "': there is no such file");
  e.kind = "missing_database";
  throw e;
}

/// The first text of a look at the catalogs, which is not counted as the script's.
std::string look_text(session& on, std::string_view sql) {
  const auto answer = on.look({std::string(sql), {}, {}, {}});
  if (!answer->next()) return {};
  return std::string(answer->block().bytes(answer->block().at(answer->row(), 0)));
}

/// Found before the file is opened: a write of `main` may hold it already.
bool is_file_of(session& main, const std::filesystem::path& file) {
  if (main.kind() != db::engine::sqlite) return false;
  const std::string own = look_text(main, sqlite_file);
  std::error_code ignored;
  return !own.empty() && std::filesystem::equivalent(own, file, ignored);
}

/// Begins the snapshot: the first read does.
void begin_snapshot(db::connection& on, session& main) {
  if (on.kind() == db::engine::sqlite) {
    on.execute("BEGIN");
    (void)db::scalar(on, "SELECT count(*) FROM sqlite_schema");
    return;
  }
  on.enqueue("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  const std::optional<value> identity = db::scalar(on, postgres_identity);
  if (main.kind() != db::engine::postgresql || !identity) return;
  if (std::get<std::string>(*identity) == look_text(main, postgres_identity)) refuse_same();
}

}  // namespace

/// What stands behind the door of a second database: queries go through, nothing else.
class second_database::reading_sink final : public sink {
 public:
  reading_sink(db::connection& on, observer& watching) : on_(on), live_(on, watching) {}

  [[nodiscard]] db::engine kind() const noexcept override { return on_.kind(); }
  [[nodiscard]] bool offline() const noexcept override { return false; }
  std::int64_t execute(const statement& s) override { refuse_change(s); }
  db::cursor open(const statement& s, bool streaming) override { return live_.open(s, streaming); }
  /// Where the database is gone there is nothing to go back to: the read that found it has failed,
  /// and so will the next.
  void host(const std::string& sql) override {
    if (on_.alive()) live_.host(sql);
  }
  void rewrite(const statement& s, const db::stored_text&) override { refuse_change(s); }
  void rebuild(bool) override {}
  [[nodiscard]] db::connection& reader() override { return on_; }
  [[nodiscard]] db::connection* catalog() override { return &on_; }

 private:
  db::connection& on_;
  live_sink live_;
};

second_database::second_database(second_place place, session& main, observer& watching)
    : place_(std::move(place)), base_(main.depth()) {
  const db::url& where = place_.where;
  place_.how.create = false;
  place_.how.read_only = true;
  if (where.kind == db::engine::sqlite) {
    if (file::is_missing(where.file)) refuse_missing(where);
    if (is_file_of(main, where.file)) refuse_same();
  }
  on_ = db::open_database(where, place_.how);
  begin_snapshot(*on_, main);
  sink_ = std::make_unique<reading_sink>(*on_, watching);
  door_ = std::make_unique<session>(*sink_);
  door_->stand_beside(main, *this);
}

second_database::~second_database() = default;

std::unique_ptr<row_source> second_database::query(session& main, const statement& s,
                                                   bool streaming) {
  check_text(s.sql, door_->kind(), s, false);
  if (!only_reads(on_->inspect(s.sql), door_->kind())) refuse_change(s);
  return main.read_beside(*door_, place_.name, s, streaming);
}

second_database& second_databases::open(second_place place, session& main, observer& watching) {
  auto made = std::make_unique<second_database>(std::move(place), main, watching);
  made->next_.reset(first_.load());
  first_.store(made.release());
  return *first_.load();
}

second_database* second_databases::find(std::string_view name) const noexcept {
  second_database* at = first_.load();
  while (at != nullptr && at->name() != name) at = at->next_.get();
  return at;
}

void second_databases::close() noexcept {
  const std::unique_ptr<second_database> all(first_.exchange(nullptr));
}

void second_databases::enter() {
  for (second_database* at = first_.load(); at != nullptr; at = at->next_.get()) {
    (void)at->door().enter();
  }
}

void second_databases::leave(std::size_t depth, bool keep) {
  for (second_database* at = first_.load(); at != nullptr; at = at->next_.get()) {
    if (depth > at->base_) at->door().leave(depth - at->base_, keep);
  }
}

void second_databases::interrupt() noexcept {
  for (second_database* at = first_.load(); at != nullptr; at = at->next_.get()) {
    at->on_->interrupt();
  }
}

bool is_of_second(const error& e) noexcept { return e.message.starts_with(named); }

void name_second(error& e, std::string_view name) {
  if (name.empty() || e.code == errc::interrupted || is_of_second(e)) return;
  const std::string says = std::string(named) + std::string(name) + "'";
  // What says where it is names it in a sentence of its own.
  if (e.message.find(says) == std::string::npos) e.message = says + ": " + e.message;
  if (e.kind == "missing_database") {
    e.hint = "correct the URL of [databases." + std::string(name) + "] in luamig.toml";
  }
  if (e.code == errc::connection && e.kind.empty()) e.kind = "connection";
  if (e.code == errc::connection || e.code == errc::lock) e.code = errc::migration;
}

}  // namespace luamig::engine
