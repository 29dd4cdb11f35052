#pragma once

#include <memory>
#include <string>

#include "cli/line_editor.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"

namespace luamig::cli {

/// The longest entry of a shell, and the most lines of one.
constexpr std::size_t longest_entry = 64 * 1024;
constexpr std::size_t most_lines_of_entry = 1000;

/// Where the lines of a shell come from: a person, who is shown a prompt, or any other input.
class entry_lines {
 public:
  entry_lines(const services& with, const terminal& person);

  enum class came { line, end, signal, too_long };
  /// The next line, without its end. One that is longer than an entry may be is passed over.
  [[nodiscard]] came next(const std::string& prompt, std::string& line);
  [[nodiscard]] bool has_person() const noexcept { return with_.in_is_terminal; }

 private:
  [[nodiscard]] came read(std::string& line);

  const services& with_;
  const terminal& person_;
  std::unique_ptr<line_editor> editor_;
};

}  // namespace luamig::cli
