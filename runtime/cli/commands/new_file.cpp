#include "cli/commands/new_file.hpp"

#include <algorithm>
#include <ctime>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "script/header.hpp"
#include "script/template.hpp"

namespace luamig::cli {
namespace {

namespace fs = std::filesystem;

/// The project's own template, or the built-in one where it has none.
std::string template_text(const fs::path& own) {
  return file::exists(own) ? file::read(own)
                           : std::string(script::built_in_template(own.filename().string()));
}

/// The path itself, without links and dots.
fs::path real_path(const fs::path& path) {
  std::error_code why;
  fs::path found = fs::weakly_canonical(path, why);
  if (!why) return found;
  throw error{errc::config, "cannot look at '" + path.string() + "': " + why.message()};
}

/// --version-path, the only location, or the one in which the parent lies.
fs::path location(context& in, const graph::revision& made) {
  const std::vector<fs::path>& known = in.here.settings().version_locations;
  if (const auto given = in.args.value("version-path")) {
    const fs::path wanted = real_path(*given);
    for (const fs::path& place : known) {
      if (real_path(place) == wanted) {
        return place;
      }
    }
    throw error{errc::config, "'" + *given + "' is not one of the version locations",
                "add it to version_locations in luamig.toml"};
  }
  if (known.size() > 1 && !made.down_revision.empty()) {
    return in.here.scripts()
        .path(in.here.scripts().node_of(made.down_revision.front()))
        .parent_path();
  }
  return known.front();
}

void require_one_line(const std::string& message) {
  if (message.find('\n') != std::string::npos) {
    throw error{errc::usage, "-m wants one line; notes belong into the file"};
  }
}

}  // namespace

graph::revision_request new_request(const context& in) {
  graph::revision_request request;
  request.id = in.args.value("rev-id").value_or("");
  if (request.id.empty()) {
    request.id = script::new_revision_id();
  }
  request.branch_labels = in.args.values("branch-label");
  return request;
}

files_report write_revision(context& in, const graph::revision_request& request,
                            const std::string& message, const bodies& of) {
  require_one_line(message);
  const graph::revision made = graph::new_revision(in.here.graph(), request);
  const script::new_script values{.revision = made.id,
                                  .down_revision = made.down_revision,
                                  .depends_on = made.depends_on,
                                  .branch_labels = made.branch_labels,
                                  .message = message,
                                  .upgrades = of.upgrades,
                                  .downgrades = of.downgrades,
                                  .created = std::time(nullptr),
                                  .is_sql = in.args.has("sql-file")};
  const fs::path own =
      in.here.settings().migrations / (values.is_sql ? "script.sql.tmpl" : "script.lua.tmpl");
  const std::string content = script::render(template_text(own), values, in.here.shown(own));
  const fs::path path =
      location(in, made) / script::file_name(in.here.settings().file_template, values);
  (void)script::scan_header(content, in.here.shown(path));
  file::create(path, content);
  return {"revision", made.id, {in.here.shown(path)}, {}};
}

}  // namespace luamig::cli
