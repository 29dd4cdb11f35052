#include "cli/fd_buffer.hpp"

#include <unistd.h>

#include <cerrno>

namespace luamig::cli {

fd_buffer::fd_buffer(int descriptor) : descriptor_(descriptor) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

bool fd_buffer::write_out() {
  const char* at = pbase();
  while (failure_ == 0 && at < pptr()) {
    const ssize_t written = ::write(descriptor_, at, static_cast<std::size_t>(pptr() - at));
    if (written >= 0) {
      at += written;
    } else if (errno != EINTR) {
      failure_ = errno;
    }
  }
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return failure_ == 0;
}

fd_buffer::int_type fd_buffer::overflow(int_type c) {
  if (!write_out()) {
    return traits_type::eof();
  }
  if (!traits_type::eq_int_type(c, traits_type::eof())) {
    *pptr() = traits_type::to_char_type(c);
    pbump(1);
  }
  return traits_type::not_eof(c);
}

int fd_buffer::sync() { return write_out() ? 0 : -1; }

}  // namespace luamig::cli
