#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/row_code.hpp"
#include "bindings/row_value.hpp"
#include "codec/json.hpp"

namespace luamig::bindings {

/// The words that the host knows in a function on rows, and room for the texts of one row.
class row_words {
 public:
  struct stand {
    const row_code& code;
    const db::row_block& block;
    std::size_t row;
  };

  row_words();

  /// Another row: the texts of the last one are forgotten.
  void begin() noexcept { used_ = 0; }
  /// Room for a text; null where there is none for so much.
  [[nodiscard]] char* room(std::size_t size) noexcept;
  /// What the word gives for these arguments. Unknown: it is for Lua to say, an error too.
  [[nodiscard]] row_value call(row_word word, std::span<const row_value> arguments,
                               const stand& place);

 private:
  [[nodiscard]] row_value copied(std::string_view text);
  [[nodiscard]] row_value text_word(row_word word, std::span<const row_value> arguments,
                                    const stand& place);
  [[nodiscard]] row_value json_at(std::span<const row_value> arguments, const stand& place);
  [[nodiscard]] row_value string_word(row_word word, std::span<const row_value> arguments);
  [[nodiscard]] row_value changed_case(std::string_view text, bool lower);

  std::unique_ptr<char[]> room_;
  std::size_t used_ = 0;
  std::string scratch_;
  std::vector<codec::json_step> path_;
};

}  // namespace luamig::bindings
