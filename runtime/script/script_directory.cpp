#include "script/script_directory.hpp"

#include <algorithm>
#include <cassert>
#include <future>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"

namespace luamig::script {
namespace {

namespace fs = std::filesystem;

/// A migration file that is known by name only.
struct found_file {
  std::string name;
  std::size_t location;
};

/// What stands before the file names of a location in `script::name`: "versions/", or the whole
/// path where it lies elsewhere.
std::string shown_prefix(const fs::path& migrations, const fs::path& location) {
  const fs::path relative = location.lexically_relative(migrations);
  if (relative == ".") return "";
  const bool inside = !relative.empty() && *relative.begin() != "..";
  return (inside ? relative : location).generic_string() + "/";
}

std::vector<fs::path> without_doubles(std::vector<fs::path> locations) {
  std::vector<fs::path> out;
  for (fs::path& location : locations) {
    location = location.lexically_normal();
    if (!location.has_filename()) location = location.parent_path();
    if (std::find(out.begin(), out.end(), location) == out.end()) out.push_back(location);
  }
  return out;
}

std::vector<found_file> list_files(const std::vector<fs::path>& locations) {
  std::vector<found_file> files;
  for (std::size_t i = 0; i < locations.size(); ++i) {
    if (!fs::is_directory(locations[i])) {
      throw error(errc::config,
                  "there is no directory '" + locations[i].string() + "' for migrations",
                  "luamig init");
    }
    // Hidden files: editors lock and back up a file as .#x.lua. Their x.lua~ has another ending.
    for (std::string& name : file::list(locations[i], ".lua")) {
      if (name[0] != '.') files.push_back({std::move(name), i});
    }
  }
  if (locations.size() > 1) {
    std::stable_sort(files.begin(), files.end(),
                     [](const found_file& a, const found_file& b) { return a.name < b.name; });
  }
  return files;
}

/// Reads files, each into its place.
class file_reader {
 public:
  file_reader(const fs::path& migrations, const std::vector<fs::path>& locations)
      : locations_(locations), files_(list_files(locations)) {
    for (const fs::path& location : locations) {
      prefixes_.push_back(shown_prefix(migrations, location));
    }
  }

  // Several threads: reading 10,000 files and scanning them takes about as long, and both share
  // well. The parts are waited for in their order, so that the first wrong file is the one
  // reported.
  std::vector<script> read() {
    scripts_.resize(files_.size());
    constexpr std::size_t worth_a_thread = 500;
    const std::size_t cores = std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
    const std::size_t parts = std::clamp<std::size_t>(files_.size() / worth_a_thread, 1, cores);
    const auto edge = [&](std::size_t part) { return files_.size() * part / parts; };
    std::vector<std::future<void>> others;
    for (std::size_t part = 1; part < parts; ++part) {
      others.push_back(std::async(std::launch::async, &file_reader::read_part, this, edge(part),
                                  edge(part + 1)));
    }
    read_part(0, edge(1));
    for (std::future<void>& other : others) other.get();
    return std::move(scripts_);
  }

 private:
  void read_part(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      script& one = scripts_[i];
      one.path = locations_[files_[i].location] / files_[i].name;
      one.name = prefixes_[files_[i].location] + files_[i].name;
      one.head = scan_lua(file::read(one.path), one.name);
    }
  }

  const std::vector<fs::path>& locations_;
  std::vector<found_file> files_;
  std::vector<std::string> prefixes_;
  std::vector<script> scripts_;
};

std::vector<graph::revision> revisions_of(const std::vector<script>& scripts) {
  std::vector<graph::revision> revisions;
  revisions.reserve(scripts.size());
  for (const script& one : scripts) {
    revisions.push_back({one.head.revision, one.head.down_revision, one.head.depends_on,
                         one.head.branch_labels, one.name});
  }
  return revisions;
}

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

/// The script whose file the error has, or else the first one that its message names.
const script* script_of(const std::vector<script>& scripts, const error& problem) {
  const script* first = nullptr;
  std::size_t first_at = std::string::npos;
  for (const script& one : scripts) {
    if (one.name == problem.file) return &one;
    const std::size_t at = problem.message.find(" in " + one.name);
    if (at >= first_at) continue;
    first = &one;
    first_at = at;
  }
  return first;
}

/// The graph knows revisions and their files, not lines: those are added on the way up.
graph::revision_graph make_graph(const std::vector<script>& scripts) {
  try {
    return graph::revision_graph(revisions_of(scripts));
  } catch (error& problem) {
    if (const script* where = script_of(scripts, problem)) {
      problem.file = where->name;
      problem.line = line_of(where->head, problem);
    }
    throw;
  }
}

}  // namespace

script_directory::script_directory(fs::path migrations, std::vector<fs::path> locations)
    : migrations_(std::move(migrations)),
      locations_(without_doubles(std::move(locations))),
      scripts_(file_reader(migrations_, locations_).read()),
      graph_(make_graph(scripts_)) {}

const script& script_directory::of(std::string_view revision) const {
  const auto found = graph_.find(revision);
  assert(found);
  return scripts_[*found];
}

}  // namespace luamig::script
