#include "codec/random.hpp"

#include <sodium/randombytes.h>
#include <sodium/utils.h>

#include <cstring>

namespace luamig::codec {
namespace {

using uuid_bytes = std::array<unsigned char, 16>;

constexpr std::uint64_t low_bits = (std::uint64_t{1} << 62U) - 1;
constexpr std::uint64_t high_bits = 0xFFF;

std::string spelled(const uuid_bytes& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[bytes[i] >> 4U];
    text += digits[bytes[i] & 15U];
  }
  return text;
}

void put(uuid_bytes& bytes, std::size_t at, std::size_t count, std::uint64_t number) {
  for (std::size_t i = count; i-- > 0; number >>= 8U)
    bytes[at + i] = static_cast<unsigned char>(number);
}

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), count);
  return bytes;
}

void uuid_source::draw(unsigned char* bytes, std::size_t count) {
  if (left_ < count) {
    randombytes_buf(pool_.data(), pool_.size());
    left_ = pool_.size();
  }
  unsigned char* const from = pool_.data() + left_ - count;
  std::memcpy(bytes, from, count);
  sodium_memzero(from, count);
  left_ -= count;
}

std::string uuid_source::random() {
  uuid_bytes bytes{};
  draw(bytes.data(), bytes.size());
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);
  return spelled(bytes);
}

std::string uuid_source::ordered(std::uint64_t milliseconds) {
  // RFC 9562, 6.2, method 2: the random bits are a counter that begins anywhere in its lower half
  // and rises by a random step.
  if (milliseconds > instant_) {
    instant_ = milliseconds;
    std::array<std::uint64_t, 2> start{};
    draw(reinterpret_cast<unsigned char*>(start.data()), sizeof start);
    high_ = start[0] & (high_bits >> 1U);
    low_ = start[1] & low_bits;
  } else {
    std::uint32_t step = 0;
    draw(reinterpret_cast<unsigned char*>(&step), sizeof step);
    low_ += std::uint64_t{step} + 1;
    if (low_ > low_bits) {
      low_ &= low_bits;
      ++high_;
    }
  }
  uuid_bytes bytes{};
  put(bytes, 0, 6, instant_);
  put(bytes, 6, 2, 0x7000U | (high_ & high_bits));
  put(bytes, 8, 8, (std::uint64_t{2} << 62U) | low_);
  return spelled(bytes);
}

}  // namespace luamig::codec
