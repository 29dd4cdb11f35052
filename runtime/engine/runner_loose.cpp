// A script that is no revision: op and db in one transaction, or step by step, and the books as
// they are.
#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "engine/live_sink.hpp"
#include "engine/runner.hpp"
#include "script/checksum.hpp"
#include "script/sql_file.hpp"

namespace luamig::engine {
namespace {

constexpr std::string_view end_of_loose = "\nend";

bool is_migration(std::string_view text, bool is_sql) {
  if (is_sql) return script::is_sql_source(text);
  for (const std::string& line : text::split(text, '\n')) {
    if (line.starts_with("function upgrade(") || line.starts_with("revision =")) return true;
  }
  return false;
}

}  // namespace

script::script read_loose_file(const std::filesystem::path& path, const std::string& shown,
                               bool durable) {
  script::script file;
  file.path = path;
  file.name = shown;
  file.head.revision = shown;
  file.head.has_upgrade = true;
  file.text = script::normalise(file::read(path));
  const bool is_sql = script::is_sql_name(shown);
  if (is_migration(file.text, is_sql)) {
    throw error_at(errc::script, shown, 1, "this is a migration, and `run` takes a loose script",
                   "luamig upgrade runs migrations; a loose script calls op and db at its top "
                   "level");
  }
  file.head.transactional = !durable;
  if (is_sql) return file;
  const std::string header = durable ? "transactional = false " : "";
  file.text = header + "function upgrade() " + file.text + std::string(end_of_loose);
  return file;
}

/// Around its text stands a function that nobody has written.
void runner::load_loose(const script::script& file) {
  try {
    host_.load(file, graph::direction::upgrade);
  } catch (error& e) {
    std::string_view own = file.text;
    if (own.ends_with(end_of_loose)) own.remove_suffix(end_of_loose.size());
    if (own.ends_with('\n')) own.remove_suffix(1);
    const auto lines = std::count(own.begin(), own.end(), '\n') + 1;
    if (e.line > lines) {
      e.line = static_cast<int>(lines);
      if (e.message.ends_with("near 'end'")) {
        e.message.replace(e.message.size() - 5, 5, "the end of the file");
      }
    }
    throw;
  }
}

/// What they hold is none of a loose script's affair.
void runner::leave_books(const step_run& s) {
  check_deferred();
  verify_books();
  on_->flush();
  measure(s, false);
}

void runner::run_loose_whole(step_run& s) {
  std::optional<db::transaction> own;
  options_.rehearses ? whole_.emplace(*on_) : own.emplace(*on_);
  name_session(s);
  if (store_->complete()) store_->remember();
  begin_step(s);
  live_sink sink(*on_, watching_);
  run_script(s, sink);
  leave_books(s);
  if (own) commit(s, *own);
}

void runner::run_loose(const script::script& file) {
  const bool durable = !file.head.transactional;
  load_loose(file);
  rows_ = rows_at_start_;
  hold_lock(durable && !options_.rehearses);
  rows_ = store_->rows();
  keep_own_sequences();
  watch_blocking();
  graph::plan plan;
  plan.steps.push_back({file.name, graph::direction::repeat, {}, false, ""});
  plan.rows_before = plan.rows_after = rows_;
  watching_.run_started({options_.where.shown, graph::direction::repeat, file.name, &plan});
  const graph::step& step = plan.steps.front();
  step_run s{
      step,
      file,
      {file.name, "", step.way, 1, 1, "", ""},
      {&file, step.way, options_.where.shown, options_.tag, now_ms(), {}, 0, store_->where()}};
  started_ = true;
  try {
    durable ? run_durable(s) : run_loose_whole(s);
  } catch (error& e) {
    e.function.clear();
    give_up(s, e);
    throw;
  }
  publish(std::move(s.files));
  report_.applied.push_back(file.name);
  watching_.step_finished({s.info, s.seconds(), s.counts.statements, s.counts.rows});
  tell_effects();
}

}  // namespace luamig::engine
