#include "script/source_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/file.hpp"

namespace luamig::script {
namespace {

constexpr std::size_t most_files_fit = 16'384;

}  // namespace

source_reader::source_reader(std::filesystem::path directory)
    : directory_(std::move(directory)),
      buffer_(most_files_fit, '\0'),
      fd_(::open(directory_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  if (fd_ < 0) fail("", errno);
}

source_reader::~source_reader() { ::close(fd_); }

// Without fstat: what does not fill the buffer was the whole file, as a regular file is cut short
// by its end only.
std::string_view source_reader::read(const char* name) {
  const int fd = ::openat(fd_, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) fail(name, errno);
  std::size_t filled = 0;
  while (true) {
    const ssize_t n = ::read(fd, buffer_.data() + filled, buffer_.size() - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int number = errno;
      ::close(fd);
      fail(name, number);
    }
    filled += static_cast<std::size_t>(n);
    if (filled < buffer_.size()) break;
    if (filled >= file::largest) {
      ::close(fd);
      fail(name, EFBIG);
    }
    buffer_.resize(2 * buffer_.size());
  }
  ::close(fd);
  return std::string_view(buffer_).substr(0, filled);
}

void source_reader::fail(const char* name, int number) const {
  throw error(errc::config,
              "cannot read '" + (directory_ / name).string() + "': " + std::strerror(number));
}

}  // namespace luamig::script
