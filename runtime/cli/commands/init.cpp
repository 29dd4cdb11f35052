#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands/all.hpp"
#include "cli/context.hpp"
#include "config/keys.hpp"
#include "script/template.hpp"

namespace luamig::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view stubs_directory = ".editor";

const script::project_template& find_template(const std::string& name) {
  std::vector<std::string> known;
  for (const script::project_template& candidate : script::project_templates()) {
    if (candidate.name == name) {
      return candidate;
    }
    known.emplace_back(candidate.name);
  }
  throw error{errc::usage, "unknown template '" + name + "'" + text::did_you_mean(name, known),
              "luamig list-templates"};
}

void require_empty(const fs::path& directory) {
  if (file::exists(directory) &&
      (!file::is_directory(directory) || !file::list(directory, "").empty())) {
    throw error{errc::config, "'" + directory.string() + "' is there and not empty",
                "luamig init ANOTHER"};
  }
}

void make_directory(const fs::path& directory) {
  std::error_code reason;
  fs::create_directories(directory, reason);
  if (reason) {
    throw error{errc::config, "cannot make '" + directory.string() + "': " + reason.message(),
                "luamig init ANOTHER"};
  }
}

/// Puts files into a new project and remembers which.
class writer {
 public:
  explicit writer(files_report& into) : into_(into) {}

  /// A file that is there already is left alone.
  void put(const fs::path& path, std::string_view content) {
    if (file::exists(path)) {
      into_.kept.push_back(path.string());
      return;
    }
    file::create(path, content);
    into_.paths.push_back(path.string());
  }

 private:
  files_report& into_;
};

/// luamig.toml names the migrations directory; the template speaks of the default one.
std::string for_directory(std::string_view content, const std::string& directory) {
  const std::string_view usual = "migrations";
  std::string result(content);
  for (std::size_t at = result.find(usual, 0); at != std::string::npos;
       at = result.find(usual, at)) {
    const bool value = at > 0 && result[at - 1] == '"';
    result.replace(at, usual.size(), value ? directory : std::string(usual));
    at += value ? directory.size() : usual.size();
  }
  return result;
}

std::string editor_settings(const std::string& directory) {
  return "{\n  \"runtime.version\": \"LuaJIT\",\n  \"workspace.library\": [\"" + directory + "/" +
         std::string(stubs_directory) + "\"]\n}\n";
}

/// A luamig.toml that is kept may name another directory than the one that is made.
std::vector<std::string> warn_of_kept_settings(const std::string& name) {
  const std::string path = "luamig.toml";
  if (!file::exists(path)) {
    return {};
  }
  const config::toml_file file = config::parse_toml(file::read(path), path);
  const config::setting_table table(file, path, "");
  const config::setting* found = table.find("migrations");
  const std::string says =
      found == nullptr ? "migrations" : std::get<std::string>(found->entry->value);
  if (fs::path(says).lexically_normal() == fs::path(name)) {
    return {};
  }
  return {"luamig.toml was there, and names the directory '" + says +
          "': for this one set migrations = \"" + name + "\" in it"};
}

/// Lint and editor settings beside luamig.toml, the rest below the migrations directory.
void put_template(writer& out, const script::project_template& chosen, const std::string& name) {
  const fs::path directory = name;
  for (const script::template_file& part : chosen.files) {
    if (part.name == "luamig.toml") {
      out.put("luamig.toml", for_directory(part.content, name));
    } else if (part.name == "luacheckrc") {
      out.put(".luacheckrc", part.content);
    } else {
      out.put(directory / part.name, part.content);
    }
  }
}

}  // namespace

report run_init(context& in) {
  const std::string name = fs::path(in.args.word(0, "migrations")).lexically_normal().string();
  const fs::path directory = name;
  const script::project_template& chosen =
      find_template(in.args.value("template").value_or("generic"));
  require_empty(directory);
  std::vector<std::string> warnings = warn_of_kept_settings(name);
  make_directory(directory / "versions");
  make_directory(directory / "lib");
  make_directory(directory / stubs_directory);
  files_report body{"init", "", {}, {}};
  writer out(body);
  put_template(out, chosen, name);
  const std::string stubs = in.with.make_host({}, in.watching)->editor_stubs();
  out.put(directory / stubs_directory / "luamig.lua", stubs);
  out.put(".luarc.json", editor_settings(name));
  return {std::move(body), std::move(warnings)};
}

}  // namespace luamig::cli
