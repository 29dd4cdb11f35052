#include "base/file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace luamig::file {
namespace {

[[noreturn]] void fail(std::string_view doing, const std::filesystem::path& path, int number) {
  throw error(errc::config, "cannot " + std::string(doing) + " '" + path.string() +
                                "': " + std::strerror(number));
}

/// A file descriptor that closes itself.
class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }
  /// Closes now and tells whether that went well: a full disk may only show here.
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd) == 0;
  }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void write_new(const std::filesystem::path& path, std::string_view content, int flags) {
  descriptor out(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666));
  if (out.get() < 0) fail("create", path, errno);
  if (!write_all(out.get(), content) || !out.close()) {
    const int number = errno;
    ::unlink(path.c_str());
    fail("write", path, number);
  }
}

}  // namespace

std::string read(const std::filesystem::path& path) {
  const descriptor in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat facts {};
  if (in.get() < 0 || ::fstat(in.get(), &facts) != 0) fail("read", path, errno);
  if (S_ISDIR(facts.st_mode)) fail("read", path, EISDIR);
  std::string content(static_cast<std::size_t>(std::max<off_t>(facts.st_size, 0)), '\0');
  std::size_t filled = 0;
  while (true) {
    // A size of zero may be a pipe or a file of /proc: then the end decides.
    if (filled == content.size()) {
      if (facts.st_size > 0) return content;
      content.resize(filled + 65'536);
    }
    const ssize_t n = ::read(in.get(), content.data() + filled, content.size() - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("read", path, errno);
    filled += static_cast<std::size_t>(n);
    if (n == 0) {
      content.resize(filled);
      return content;
    }
  }
}

void create(const std::filesystem::path& path, std::string_view content) {
  write_new(path, content, O_EXCL);
}

void replace(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path beside = path;
  beside += ".new";
  write_new(beside, content, O_TRUNC);
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    const int number = errno;
    ::unlink(beside.c_str());
    fail("replace", path, number);
  }
}

std::vector<std::string> list(const std::filesystem::path& directory, std::string_view ending) {
  DIR* const open = ::opendir(directory.c_str());
  if (open == nullptr) fail("read the directory", directory, errno);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(open)) {
    const std::string_view name = entry->d_name;
    if (!name.ends_with(ending)) continue;
    bool regular = entry->d_type == DT_REG;
    if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN) {
      struct stat facts {};
      regular = ::fstatat(::dirfd(open), entry->d_name, &facts, 0) == 0 && S_ISREG(facts.st_mode);
    }
    if (regular) names.emplace_back(name);
  }
  ::closedir(open);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace luamig::file
