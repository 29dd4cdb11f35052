#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace luamig::worker {

/// What arrived is no message: too short, too long, or of no known kind.
struct bad_frame : std::runtime_error {
  using runtime_error::runtime_error;
};

/// Puts values together as bytes: numbers as they lie in memory, for both ends are one program;
/// texts with their length before them.
class packer {
 public:
  template <typename Number>
  requires std::is_arithmetic_v<Number> || std::is_enum_v<Number> packer& put(Number n) {
    bytes_.append(reinterpret_cast<const char*>(&n), sizeof n);
    return *this;
  }
  packer& put(std::string_view text) {
    put(static_cast<std::uint64_t>(text.size()));
    bytes_.append(text);
    return *this;
  }
  packer& put(const std::string& text) { return put(std::string_view(text)); }
  packer& put(const char* text) { return put(std::string_view(text)); }
  /// Bytes without a length.
  void append(std::string_view raw) { bytes_.append(raw); }

  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

 private:
  std::string bytes_;
};

/// Takes them apart, in the same order. Throws bad_frame.
class unpacker {
 public:
  explicit unpacker(std::string_view bytes) : left_(bytes) {}

  template <typename Number>
  requires std::is_arithmetic_v<Number>
  [[nodiscard]] Number number() {
    Number n{};
    std::memcpy(&n, take(sizeof n).data(), sizeof n);
    return n;
  }
  [[nodiscard]] bool flag() { return number<unsigned char>() != 0; }
  /// One of the values from 0 up to `last`.
  template <typename Enum>
  [[nodiscard]] Enum one_of(Enum last) {
    using number_type = std::underlying_type_t<Enum>;
    const auto n = number<number_type>();
    if (n < 0 || n > static_cast<number_type>(last)) throw bad_frame("no such value");
    return static_cast<Enum>(n);
  }
  [[nodiscard]] std::string_view text() { return take(number<std::uint64_t>()); }
  /// How many things of at least `size` bytes follow.
  [[nodiscard]] std::size_t count(std::size_t size) {
    const auto n = number<std::uint64_t>();
    if (n > left_.size() / size) throw bad_frame("a list is longer than its message");
    return n;
  }
  [[nodiscard]] std::string_view take(std::uint64_t size) {
    if (size > left_.size()) throw bad_frame("the message ends too early");
    const std::string_view out = left_.substr(0, size);
    left_.remove_prefix(size);
    return out;
  }
  [[nodiscard]] std::size_t left() const noexcept { return left_.size(); }
  void end() const {
    if (!left_.empty()) throw bad_frame("the message goes on behind its end");
  }

 private:
  std::string_view left_;
};

}  // namespace luamig::worker
