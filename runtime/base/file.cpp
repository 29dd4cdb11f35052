#include "base/file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace luamig::file {
namespace {

/// A FIFO without a writer would be waited for.
constexpr int reading = O_RDONLY | O_CLOEXEC | O_NONBLOCK;

[[noreturn]] void fail(std::string_view doing, const std::filesystem::path& path,
                       std::string_view why, std::string hint = "") {
  throw error(errc::config,
              "cannot " + std::string(doing) + " '" + path.string() + "': " + std::string(why),
              std::move(hint));
}

constexpr std::string_view replace_it = "put a file in its place, or take it away";

[[noreturn]] void fail(std::string_view doing, const std::filesystem::path& path, int number) {
  fail(doing, path, std::string_view(std::strerror(number)));
}

[[noreturn]] void fail_to_open(const std::filesystem::path& path, int number) {
  std::error_code ignored;
  const bool link = std::filesystem::is_symlink(std::filesystem::symlink_status(path, ignored));
  if (number == ENOENT && link)
    fail("read", path, "it is a link to a file that is not there", std::string(replace_it));
  fail("read", path, number);
}

/// A file descriptor that closes itself.
class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
  /// Closes now and tells whether that went well: a full disk may only show here.
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd) == 0;
  }

 private:
  int fd_;
};

/// The size that the system tells; 0 for files of /proc, whose end decides.
std::size_t regular_size(const descriptor& in, const std::filesystem::path& path) {
  struct stat facts {};
  if (::fstat(in.get(), &facts) != 0) fail("read", path, errno);
  if (S_ISDIR(facts.st_mode)) fail("read", path, std::strerror(EISDIR), std::string(replace_it));
  if (S_ISFIFO(facts.st_mode))
    fail("read", path, "it is a FIFO, not a file", std::string(replace_it));
  if (!S_ISREG(facts.st_mode))
    fail("read", path, "it is a device or socket, not a file", std::string(replace_it));
  return static_cast<std::size_t>(std::max<off_t>(facts.st_size, 0));
}

std::string read_regular(const descriptor& in, const std::filesystem::path& path) {
  const std::size_t size = regular_size(in, path);
  if (size > largest) {
    fail("read", path, "it is larger than " + std::to_string(largest >> 20) + " MB");
  }
  std::string content(size, '\0');
  std::size_t filled = 0;
  while (true) {
    if (filled == content.size()) {
      if (size > 0) return content;
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

struct opened {
  descriptor at;  // below 0 where there is nothing
  std::filesystem::path path;
};

opened descend(const std::filesystem::path& root, std::span<const std::string> parts) {
  opened found{descriptor(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), root};
  for (std::size_t i = 0; i < parts.size() && found.at.get() >= 0; ++i) {
    const int more = O_NOFOLLOW | (i + 1 == parts.size() ? 0 : O_DIRECTORY);
    found.path /= parts[i];
    found.at = descriptor(::openat(found.at.get(), parts[i].c_str(), reading | more));
  }
  return found;
}

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

bool exists(const std::filesystem::path& path) noexcept {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

bool is_missing(const std::filesystem::path& path) noexcept {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

bool is_directory(const std::filesystem::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) == 0) return S_ISDIR(facts.st_mode);
  if (errno != ENOENT && errno != ENOTDIR) fail("look at", path, errno);
  return false;
}

std::string read(const std::filesystem::path& path) {
  const descriptor in(::open(path.c_str(), reading));
  if (in.get() < 0) fail_to_open(path, errno);
  return read_regular(in, path);
}

std::optional<std::string> read_beneath(const std::filesystem::path& root,
                                        std::span<const std::string> parts) {
  const auto [at, path] = descend(root, parts);
  if (at.get() < 0) return std::nullopt;
  return read_regular(at, path);
}

std::optional<input> open_beneath(const std::filesystem::path& root,
                                  std::span<const std::string> parts) {
  auto [at, path] = descend(root, parts);
  if (at.get() < 0) return std::nullopt;
  (void)regular_size(at, path);
  return input(at.release(), std::move(path));
}

input::~input() {
  if (fd_ >= 0) ::close(fd_);
}

input::input(input&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

std::size_t input::read(std::span<char> room) {
  while (true) {
    const ssize_t n = ::read(fd_, room.data(), room.size());
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR) fail("read", path_, errno);
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

std::vector<entry> list(const std::filesystem::path& directory, std::string_view ending) {
  DIR* const open = ::opendir(directory.c_str());
  if (open == nullptr) fail("read the directory", directory, errno);
  std::vector<entry> entries;
  while (const dirent* found = ::readdir(open)) {
    const std::string_view name = found->d_name;
    if (name == "." || name == ".." || !name.ends_with(ending)) continue;
    bool regular = found->d_type == DT_REG;
    bool is_dir = found->d_type == DT_DIR;
    if (found->d_type == DT_LNK || found->d_type == DT_UNKNOWN) {
      struct stat facts {};
      const bool known = ::fstatat(::dirfd(open), found->d_name, &facts, 0) == 0;
      regular = known && S_ISREG(facts.st_mode);
      is_dir = known && S_ISDIR(facts.st_mode);
    }
    entries.push_back({std::string(name), regular, is_dir});
  }
  ::closedir(open);
  std::sort(entries.begin(), entries.end(),
            [](const entry& a, const entry& b) { return a.name < b.name; });
  return entries;
}

}  // namespace luamig::file
