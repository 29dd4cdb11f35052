#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace luamig::codec {

/// Bytes of the operating system's generator.
[[nodiscard]] std::string random_bytes(std::size_t count);

/// UUIDs by RFC 9562, 36 characters. One source gives version 7 in rising order for one instant.
class uuid_source {
 public:
  /// Version 4: random.
  [[nodiscard]] std::string random();
  /// Version 7 of an instant in milliseconds since 1970: behind the last one of the same or a later
  /// instant.
  [[nodiscard]] std::string ordered(std::uint64_t milliseconds);

 private:
  void draw(unsigned char* bytes, std::size_t count);

  std::array<unsigned char, 512> pool_{};  // random bytes, each used once
  std::size_t left_ = 0;
  std::uint64_t instant_ = 0;  // of the last version 7
  std::uint64_t high_ = 0;     // its random bits: 12 and 62
  std::uint64_t low_ = 0;
};

}  // namespace luamig::codec
