#pragma once

#include <string>
#include <string_view>

#include "cli/report.hpp"

/// Revisions in words, as `current`, `heads`, `history` and `show` print them.
namespace luamig::cli {

/// "c0ffee123456 (head)": what `current` and `heads` print, and what scripts compare.
[[nodiscard]] std::string head_line(const revision_view& v);
/// "5ca1ab1e0001 (billing) (head)": with branch labels and what kind of point it is.
[[nodiscard]] std::string full_line(const revision_view& v);
/// "51fa08c6d2e9 -> c0ffee123456 (head), split user names"
[[nodiscard]] std::string history_line(const revision_view& v);
/// "Rev: …", "Parent: …", "Path: …" and the message, each on a line of its own.
[[nodiscard]] std::string block(const revision_view& v);

/// Which way a step goes: ↑, ↓, or ↻ for what is run again.
[[nodiscard]] std::string_view arrow(graph::direction way) noexcept;

/// "82 ms", "47.3 s", "3 min 20 s"
[[nodiscard]] std::string seconds(double s);
/// "1 revision", "3 revisions"
[[nodiscard]] std::string counted(std::size_t n, std::string_view noun);
/// How many characters a terminal shows for valid UTF-8 text (each as one).
[[nodiscard]] std::size_t width(std::string_view text) noexcept;
/// The text and spaces up to a width.
[[nodiscard]] std::string padded(std::string_view text, std::size_t to);

}  // namespace luamig::cli
