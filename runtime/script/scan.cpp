#include "script/scan.hpp"

#include <algorithm>
#include <future>
#include <optional>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"
#include "script/file_list.hpp"
#include "script/header.hpp"
#include "script/source_reader.hpp"

namespace luamig::script {
namespace {

namespace fs = std::filesystem;

/// A migration file that is known by name only.
struct found_file {
  std::string name;
  std::uint16_t location;
};

/// What stands before the file names of a location in `script::name`: "versions/", or the whole
/// path where it lies elsewhere.
std::string shown_prefix(const fs::path& migrations, const fs::path& location) {
  const fs::path relative = location.lexically_relative(migrations);
  if (relative == ".") return "";
  const bool inside = !relative.empty() && *relative.begin() != "..";
  return (inside ? relative : location).generic_string() + "/";
}

std::vector<found_file> list_files(const std::vector<fs::path>& locations) {
  std::vector<found_file> files;
  for (std::size_t i = 0; i < locations.size(); ++i) {
    if (!file::is_directory(locations[i])) {
      throw error(errc::config,
                  "there is no directory '" + locations[i].string() + "' for migrations",
                  "luamig init");
    }
    for (std::string& name : list_scripts(locations[i], locations)) {
      files.push_back({std::move(name), static_cast<std::uint16_t>(i)});
    }
  }
  if (locations.size() > 1) {
    std::stable_sort(files.begin(), files.end(),
                     [](const found_file& a, const found_file& b) { return a.name < b.name; });
  }
  return files;
}

bool is_conditional(const header& head) {
  return !head.transactional || !head.environments.empty() || !head.irreversible.empty();
}

/// Reads files, each into its place.
class scanner {
 public:
  scanner(const fs::path& migrations, const std::vector<fs::path>& locations)
      : locations_(locations), files_(list_files(locations)), out_{} {
    for (const fs::path& location : locations) {
      prefixes_.push_back(shown_prefix(migrations, location));
    }
  }

  // Several threads: reading many files and scanning them takes about as long, and both share well.
  // The parts are waited for in their order, so that the first wrong file is the one reported.
  scanned_files scan() {
    out_.revisions.resize(files_.size());
    out_.is_conditional.resize(files_.size());
    for (const found_file& file : files_) out_.location_of.push_back(file.location);
    constexpr std::size_t worth_a_thread = 500;
    const std::size_t cores = std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
    const std::size_t parts = std::clamp<std::size_t>(files_.size() / worth_a_thread, 1, cores);
    const auto edge = [&](std::size_t part) { return files_.size() * part / parts; };
    std::vector<std::future<text_list>> others;
    for (std::size_t part = 1; part < parts; ++part) {
      others.push_back(
          std::async(std::launch::async, &scanner::scan_part, this, edge(part), edge(part + 1)));
    }
    out_.messages = scan_part(0, edge(1));
    for (std::future<text_list>& other : others) out_.messages.append(other.get());
    return std::move(out_);
  }

  /// The header of the file with this name, as messages show it.
  std::optional<header> find(std::string_view name) {
    for (const found_file& file : files_) {
      if (shown(file) != name) continue;
      return scan_header(file::read(locations_[file.location] / file.name), name);
    }
    return std::nullopt;
  }

  /// Of the files that the text speaks of, the first; else "".
  [[nodiscard]] std::string first_in(std::string_view text) const {
    std::string first;
    std::size_t first_at = std::string_view::npos;
    for (const found_file& file : files_) {
      const std::size_t at = text.find(" in " + shown(file));
      if (at >= first_at) continue;
      first = shown(file);
      first_at = at;
    }
    return first;
  }

 private:
  [[nodiscard]] std::string shown(const found_file& file) const {
    return prefixes_[file.location] + file.name;
  }

  /// Gives the messages of the part.
  text_list scan_part(std::size_t from, std::size_t to) {
    std::optional<source_reader> reader;
    std::size_t of_location = locations_.size();
    text_list messages;
    for (std::size_t i = from; i < to; ++i) {
      found_file& file = files_[i];
      if (file.location != of_location) reader.emplace(locations_[file.location]);
      of_location = file.location;
      const std::string_view source = reader->read(file.name.c_str());
      std::string name = shown(file);
      file.name = {};
      header head = scan_header(source, name);
      messages.append(head.message);
      out_.is_conditional[i] = static_cast<char>(is_conditional(head));
      out_.revisions[i] = {std::move(head.revision), std::move(head.down_revision),
                           std::move(head.depends_on), std::move(head.branch_labels),
                           std::move(name)};
    }
    return messages;
  }

  const std::vector<fs::path>& locations_;
  std::vector<found_file> files_;
  std::vector<std::string> prefixes_;
  scanned_files out_;
};

/// The line of the assignment that a graph error is about.
int line_of(const header& head, const error& problem) {
  const auto about = [&](std::string_view field) {
    return problem.message.find(field) != std::string::npos;
  };
  if (about("branch label")) return head.branch_labels_line;
  if (about("depends_on")) return head.depends_on_line;
  if (about("down_revision")) return head.down_revision_line;
  return head.revision_line;
}

}  // namespace

scanned_files scan_files(const fs::path& migrations, const std::vector<fs::path>& locations) {
  return scanner(migrations, locations).scan();
}

void add_line(error& problem, const fs::path& migrations, const std::vector<fs::path>& locations) {
  scanner again(migrations, locations);
  if (problem.file.empty()) problem.file = again.first_in(problem.message);
  if (const auto head = again.find(problem.file)) problem.line = line_of(*head, problem);
}

}  // namespace luamig::script
