// Reads every .lua file of a directory and scans it for its revision and down_revision, then finds
// the heads: what any program has to do that wants to know the graph.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace {

std::string read_file(int directory, const char* name) {
  std::string text;
  const int fd = ::openat(directory, name, O_RDONLY | O_CLOEXEC);
  struct stat facts {};
  if (fd < 0 || ::fstat(fd, &facts) != 0) return text;
  text.resize(static_cast<std::size_t>(facts.st_size));
  const ssize_t n = ::read(fd, text.data(), text.size());
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  ::close(fd);
  return text;
}

/// The string after `name = ` at the start of a line; every line is looked at.
std::string_view literal(std::string_view text, std::string_view name) {
  std::string_view found;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) end = text.size();
    const std::string_view line = text.substr(at, end - at);
    if (line.starts_with(name)) {
      const std::size_t open = line.find('"');
      const std::size_t close = line.rfind('"');
      if (open < close) found = line.substr(open + 1, close - open - 1);
    }
    at = end + 1;
  }
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  DIR* const open = ::opendir(argv[1]);
  if (open == nullptr) return 1;
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(open)) {
    if (std::string_view(entry->d_name).ends_with(".lua")) names.emplace_back(entry->d_name);
  }
  std::sort(names.begin(), names.end());
  std::vector<std::string> revisions;
  std::unordered_set<std::string> parents;
  for (const std::string& name : names) {
    const std::string text = read_file(::dirfd(open), name.c_str());
    revisions.emplace_back(literal(text, "revision"));
    parents.emplace(literal(text, "down_revision"));
  }
  for (const std::string& id : revisions) {
    if (!parents.contains(id)) std::puts(id.c_str());
  }
}
