#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luamig::text {

/// The candidate nearest to `word` when it is near enough to be a slip of the hand (an edit
/// distance of at most a third of the word, at least 1), else nothing. Ties: the first.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 std::span<const std::string> candidates);

/// " (did you mean 'nullable'?)", or "" when nothing is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string> candidates);

/// Whether all of it is ASCII without a NUL, as most texts are: nothing else is to be looked for.
[[nodiscard]] bool is_plain_ascii(std::string_view bytes) noexcept;

/// Offset of the first byte that is not valid UTF-8 (overlong forms and surrogates are not valid).
[[nodiscard]] std::optional<std::size_t> invalid_utf8(std::string_view bytes) noexcept;

/// Control bytes (but not tab and newline) as \x1b, so that output cannot drive a terminal.
[[nodiscard]] std::string escape_controls(std::string_view bytes);

/// As escape_controls, and line breaks too: a name must not break the line it stands in.
[[nodiscard]] std::string one_line(std::string_view bytes);

/// A name in a message: 'name', its controls escaped.
[[nodiscard]] std::string in_quotes(std::string_view name);

[[nodiscard]] std::string_view trim(std::string_view s) noexcept;
[[nodiscard]] std::vector<std::string> split(std::string_view s, char separator);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);
[[nodiscard]] std::string lower_ascii(std::string_view s);

/// 'it''s' in single quotes, doubled inside.
[[nodiscard]] std::string sql_string(std::string_view s);
/// "a ""b""" in double quotes, doubled inside: an SQL identifier on both engines.
[[nodiscard]] std::string sql_identifier(std::string_view s);

/// At most `limit` bytes, cut at a character's edge, with "…" where something was cut.
[[nodiscard]] std::string shorten(std::string_view s, std::size_t limit);

/// "60s", "250ms", "1.5h", "2m", "0" in milliseconds; nothing when it is not a duration.
[[nodiscard]] std::optional<std::int64_t> parse_duration_ms(std::string_view s) noexcept;
/// "256MB", "64KiB", "1GB", "4096" in bytes (powers of 1024); nothing when it is not a size.
[[nodiscard]] std::optional<std::int64_t> parse_size(std::string_view s) noexcept;

}  // namespace luamig::text
