#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/program.hpp"
#include "cli/report.hpp"
#include "db/connection.hpp"
#include "engine/migrator.hpp"
#include "script/script_directory.hpp"

namespace luamig::cli {

/// How much of a revision is wanted, each with what stands before it: what a line shows, the path,
/// and the notes, for which its file is read again.
enum class detail { line, path, notes };

/// The rows of the version table, where a database was asked.
using known_rows = std::optional<std::vector<std::string>>;

/// Throws error{errc::config} where it has been removed.
[[nodiscard]] std::filesystem::path working_directory();

/// One environment of a project, each part read when it is first asked for: a command pays for what
/// it uses. Everything it returns lives as long as it does.
class project {
 public:
  project(config::overrides flags, const services& with);

  [[nodiscard]] const config::settings& settings();
  [[nodiscard]] const script::script_directory& scripts();
  [[nodiscard]] const graph::revision_graph& graph() { return scripts().graph(); }
  [[nodiscard]] engine::script_host& host();
  /// Who hears what scripts say; set before the first use of `host`.
  void watch(engine::observer& watching) noexcept { watching_ = &watching; }
  /// The same, and it is kept as long as the project, for the scripts' host tells it all.
  void watch(std::unique_ptr<engine::observer> watching) noexcept {
    own_watching_ = std::move(watching);
    watching_ = own_watching_.get();
  }

  /// The database, and who said so. Throws error{errc::config} where nobody does.
  [[nodiscard]] const db::url& where();
  [[nodiscard]] const std::string& url_origin();
  /// Whether the URL was asked for already.
  [[nodiscard]] bool knows_url() const noexcept { return url_.has_value(); }
  /// Whether some URL is configured.
  [[nodiscard]] bool has_url();
  /// Every setting and where it came from; of the URLs the one that wins.
  [[nodiscard]] std::vector<config::settings::entry> entries();

  /// Whether the URL names a SQLite file that is not there.
  [[nodiscard]] bool is_missing_file();
  /// The database for reading; null where a SQLite file is missing. Creates nothing.
  [[nodiscard]] db::connection* reader();
  /// The rows of the version table; none without a file or a table.
  [[nodiscard]] std::vector<std::string> rows();
  /// `rows` where the symbol speaks of "current"; else nothing and no connection.
  [[nodiscard]] known_rows rows_for(std::string_view symbol);

  /// Ends the reading connection, before a run opens its own.
  void close_reader() noexcept;

  [[nodiscard]] engine::books books();
  /// Which environment this is.
  [[nodiscard]] engine::environment here();
  [[nodiscard]] db::open_options open_options();
  /// For a run; `create`: a missing SQLite file is made.
  [[nodiscard]] engine::run_options run_options(bool create);

  /// The settings' migrations directory once they have been read; else empty.
  [[nodiscard]] std::filesystem::path known_migrations() const;
  /// The path as a person would write it from the working directory.
  [[nodiscard]] std::string shown(const std::filesystem::path& path) const;

  [[nodiscard]] revision_view view(graph::node n, detail of = detail::line);
  /// As `view` of each, and whether it is one of `rows`, where they are known.
  [[nodiscard]] std::vector<revision_view> views(std::span<const graph::node> nodes, detail of,
                                                 const known_rows& rows = {});

 private:
  /// The URL's text, by the order of docs/configuration.md.
  std::string url_text();

  config::overrides flags_;
  const services& with_;
  std::unique_ptr<engine::observer> own_watching_;
  engine::observer* watching_ = nullptr;
  std::filesystem::path start_;
  std::optional<config::settings> settings_;
  std::optional<script::script_directory> scripts_;
  std::unique_ptr<engine::script_host> host_;
  std::optional<db::url> url_;
  std::string url_origin_;
  std::unique_ptr<db::connection> reader_;
};

}  // namespace luamig::cli
