#pragma once

#include <array>
#include <streambuf>

namespace luamig::cli {

/// Writes to a file descriptor and remembers why it could not: a stream says only that it failed,
/// and a full disk must not look like a reader that went away.
class fd_buffer final : public std::streambuf {
 public:
  explicit fd_buffer(int descriptor);

  /// errno of the first write that failed; 0 while all went well. What comes after it is dropped.
  [[nodiscard]] int failure() const noexcept { return failure_; }

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  bool write_out();

  int descriptor_;
  int failure_ = 0;
  std::array<char, 16384> buffer_;
};

}  // namespace luamig::cli
