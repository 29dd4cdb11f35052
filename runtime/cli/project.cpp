#include "cli/project.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "db/mask.hpp"
#include "engine/version_store.hpp"

namespace luamig::cli {
namespace {

constexpr std::size_t beside_scripts = std::size_t{512} << 20U;  // SQLite's pages, above all

std::string origin_of_url(const config::settings& settings) {
  const auto& entries = settings.entries;
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [](const auto& entry) { return entry.key == "url"; });
  return found == entries.end() ? std::string() : found->from;
}

std::vector<std::string> ids(const graph::revision_graph& graph,
                             std::span<const graph::node> nodes) {
  std::vector<std::string> result;
  for (const graph::node n : nodes) {
    result.push_back(graph.id(n));
  }
  return result;
}

}  // namespace

std::filesystem::path working_directory() {
  std::error_code why;
  std::filesystem::path here = std::filesystem::current_path(why);
  if (!why) return here;
  throw error{errc::config, "the working directory cannot be found: " + why.message(),
              "change to one that is there"};
}

project::project(config::overrides flags, const services& with)
    : flags_(std::move(flags)), with_(with), start_(working_directory()) {}

const config::settings& project::settings() {
  if (!settings_) {
    config::settings made = config::load(flags_, with_.env, start_);
    if (with_.stop != nullptr) with_.stop->check();  // url_command may have been interrupted
    settings_ = std::move(made);
  }
  return *settings_;
}

const script::script_directory& project::scripts() {
  if (!scripts_) {
    scripts_.emplace(settings().migrations, settings().version_locations);
  }
  return *scripts_;
}

engine::script_host& project::host() {
  if (!host_) {
    host_ = with_.make_host(settings(), *watching_);
  }
  return *host_;
}

std::string project::url_text() {
  url_origin_ = origin_of_url(settings());
  if (settings().url_from_flag) {
    return settings().url;
  }
  // Without env.lua there is no hook, and no Lua needs to be started to learn that.
  if (file::exists(settings().migrations / "env.lua")) {
    if (std::optional<std::string> hooked = host().url()) {
      url_origin_ = "env.lua";
      return *std::move(hooked);
    }
  }
  return settings().url;
}

const db::url& project::where() {
  if (!url_) {
    const std::string text = url_text();
    if (text.empty()) {
      throw *settings().no_url;
    }
    // A URL typed here is meant from here; every other one from the project.
    url_ = db::parse_url(text, settings().url_from_flag ? start_ : settings().directory);
  }
  return *url_;
}

const std::string& project::url_origin() {
  (void)where();
  return url_origin_;
}

bool project::has_url() { return url_.has_value() || !url_text().empty(); }

std::vector<config::settings::entry> project::entries() {
  const std::string text = url_text();
  std::vector<config::settings::entry> all = settings().entries;
  const auto url =
      std::find_if(all.begin(), all.end(), [](const auto& entry) { return entry.key == "url"; });
  if (url != all.end()) {
    url->value = db::mask_url(text);
    url->from = url_origin_;
  }
  return all;
}

bool project::is_missing_file() {
  const db::url& database = where();
  return database.kind == db::engine::sqlite && !database.file.empty() &&
         file::is_missing(database.file);
}

db::connection* project::reader() {
  if (!reader_ && !is_missing_file()) {
    reader_ = db::open_database(where(), open_options());
  }
  return reader_.get();
}

void project::close_reader() noexcept { reader_.reset(); }

std::vector<std::string> project::rows() {
  db::connection* database = reader();
  return database == nullptr ? std::vector<std::string>{}
                             : engine::version_store(*database, books()).rows();
}

known_rows project::rows_for(std::string_view symbol) {
  return symbol.find("current") == std::string_view::npos ? known_rows() : rows();
}

engine::environment project::here() { return {settings().env_name, settings().env_names}; }

engine::books project::books() {
  return {settings().version_table, settings().version_table_schema};
}

db::open_options project::open_options() {
  db::open_options how;
  how.foreign_keys = settings().foreign_keys;
  how.extensions = settings().sqlite_extensions;
  how.busy_wait = settings().lock_wait;
  how.waiting = [&to = *watching_](double waited) { to.waiting_for_lock("", waited); };
  // The setting is one of [postgres]; the flag is for either.
  if (flags_.statement_timeout || where().kind == db::engine::postgresql) {
    how.statement_timeout = settings().statement_timeout;
  }
  how.lock_timeout = settings().lock_timeout;
  const auto memory = static_cast<std::size_t>(settings().memory_limit);
  if (memory > 0) how.most_heap = 2 * memory + beside_scripts;
  how.most_rows = memory;
  return how;
}

engine::run_options project::run_options(bool create) {
  engine::run_options options;
  options.where = where();
  options.how = open_options();
  options.how.create = create;
  options.where_books = books();
  options.lock_wait = settings().lock_wait;
  options.here = here();
  options.stop = with_.stop;
  return options;
}

std::filesystem::path project::known_migrations() const {
  return settings_ ? settings_->migrations : std::filesystem::path();
}

std::string project::shown(const std::filesystem::path& path) const {
  const std::filesystem::path relative = path.lexically_relative(start_);
  const bool below = !relative.empty() && *relative.begin() != "..";
  return (below ? relative : path).string();
}

revision_view project::view(graph::node n, detail of) {
  const graph::revision_graph& all = graph();
  revision_view v;
  v.revision = all.id(n);
  v.message = scripts().message(n);
  if (of >= detail::path) v.path = shown(scripts().path(n));
  if (of == detail::notes) v.notes = scripts().read(n).head.notes;
  v.down_revision = ids(all, all.down(n));
  v.depends_on = ids(all, all.dependencies(n));
  v.branch_labels = all.labels(n);
  v.next = ids(all, all.next(n));
  v.head = all.is_real_head(n);
  v.effective_head = all.is_head(n) && !v.head;
  v.branch_point = all.next(n).size() > 1;
  v.merge_point = all.down(n).size() > 1;
  return v;
}

std::vector<revision_view> project::views(std::span<const graph::node> nodes, detail of,
                                          const known_rows& rows) {
  std::vector<revision_view> result;
  for (const graph::node n : nodes) {
    result.push_back(view(n, of));
    if (rows) {
      result.back().current = std::find(rows->begin(), rows->end(), graph().id(n)) != rows->end();
    }
  }
  return result;
}

}  // namespace luamig::cli
