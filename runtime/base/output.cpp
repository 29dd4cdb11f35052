// Files that are put in their place when they are whole.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/left_files.hpp"

namespace luamig::file {
namespace {

constexpr std::size_t held_at_most = 256 * 1024;  // bytes
constexpr int most_names = 1000;

[[noreturn]] void fail(std::string_view doing, const std::filesystem::path& path, int number) {
  throw error(errc::config, "cannot " + std::string(doing) + " '" + path.string() +
                                "': " + std::strerror(number));
}

[[noreturn]] void refuse(std::string_view kind, std::string message, std::string hint) {
  error e(errc::config, std::move(message), std::move(hint));
  e.kind = kind;
  throw e;
}

bool is_there(int directory, const std::string& name) {
  struct stat facts {};
  return ::fstatat(directory, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0;
}

/// The directory that the last part lies in; below 0 where there is none.
int open_directory(const std::filesystem::path& root, std::span<const std::string> parts) {
  int at = ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (std::size_t i = 0; i + 1 < parts.size() && at >= 0; ++i) {
    const int next =
        ::openat(at, parts[i].c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    ::close(at);
    at = next;
  }
  return at;
}

}  // namespace

output create_beneath(const std::filesystem::path& root, std::span<const std::string> parts,
                      bool replaces) {
  output made;
  made.path_ = root;
  for (const std::string& part : parts) made.path_ /= part;
  made.name_ = parts.back();
  made.replaces_ = replaces;
  made.directory_ = open_directory(root, parts);
  if (made.directory_ < 0)
    refuse("missing", "there is no directory for '" + made.path_.string() + "'",
           "make it first: links are not followed");
  struct stat facts {};
  const bool there =
      ::fstatat(made.directory_, made.name_.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0;
  if (there && !S_ISREG(facts.st_mode))
    refuse("exists", "'" + made.path_.string() + "' is there and is no file",
           "choose another name");
  if (there && !replaces)
    refuse("exists", "'" + made.path_.string() + "' is there already",
           "overwrite = true replaces it; or move it away");
  for (int i = 0; i < most_names && made.fd_ < 0; ++i) {
    made.beside_ = "." + made.name_ + std::string(being_written) + std::to_string(::getpid()) +
                   (i == 0 ? "" : "-" + std::to_string(i));
    made.fd_ = ::openat(made.directory_, made.beside_.c_str(),
                        O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (made.fd_ < 0 && errno != EEXIST) break;
  }
  if (made.fd_ < 0) {
    const int number = errno;
    made.beside_.clear();
    fail("create", made.path_, number);
  }
  return made;
}

void output::swap(output& other) noexcept {
  std::swap(directory_, other.directory_);
  std::swap(fd_, other.fd_);
  name_.swap(other.name_);
  beside_.swap(other.beside_);
  path_.swap(other.path_);
  std::swap(replaces_, other.replaces_);
  held_.swap(other.held_);
}

output::~output() {
  if (fd_ >= 0) ::close(fd_);
  if (!beside_.empty()) ::unlinkat(directory_, beside_.c_str(), 0);
  if (directory_ >= 0) ::close(directory_);
}

void output::write(std::string_view bytes) {
  held_.append(bytes);
  if (held_.size() >= held_at_most) flush();
}

void output::flush() {
  std::string_view rest = held_;
  while (!rest.empty()) {
    const ssize_t n = ::write(fd_, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("write", path_, errno);
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  held_.clear();
}

void output::close() {
  flush();
  held_.shrink_to_fit();
  const bool on_disk = ::fsync(fd_) == 0 || errno == EINVAL;
  const int number = errno;
  const bool closed = ::close(std::exchange(fd_, -1)) == 0;
  if (!on_disk || !closed) fail("write", path_, on_disk ? errno : number);
}

std::string output::publish() noexcept {
  const unsigned how = replaces_ ? 0 : RENAME_NOREPLACE;
  int done = ::renameat2(directory_, beside_.c_str(), directory_, name_.c_str(), how);
  if (done != 0 && errno == EINVAL && how != 0) {  // a file system that does not know how
    errno = EEXIST;
    if (!is_there(directory_, name_))
      done = ::renameat(directory_, beside_.c_str(), directory_, name_.c_str());
  }
  const std::string kept = std::exchange(beside_, {});
  if (done == 0) {
    ::fsync(directory_);
    return {};
  }
  return "cannot put '" + path_.string() + "' in its place: " + std::strerror(errno) +
         "; what was written is in '" + kept + "' beside it";
}

}  // namespace luamig::file
