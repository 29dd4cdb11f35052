#pragma once

#include <string>
#include <string_view>

namespace luamig::codec {

/// Instants are seconds since 1970-01-01 00:00:00 UTC, of the years 0001 to 9999 of the Gregorian
/// calendar. Each function throws error{errc::migration} for what lies beyond, and for a text it
/// cannot read.

/// "2026-08-31 11:18:05", UTC, with up to six places where there is a fraction: the text that both
/// databases read, and that SQLite's CURRENT_TIMESTAMP can be compared with.
[[nodiscard]] std::string instant_text(double seconds);

/// Reads "2026-08-31", "2026-08-31 11:18", "2026-08-31T11:18:05.25Z", "2026-08-31 11:18:05+02:00";
/// without a zone it is UTC.
[[nodiscard]] double instant_of(std::string_view text);

/// The instant that lies "90 days", "1 year 6 months", "2 hours" before another: months by the
/// calendar (a day that a month has not becomes its last), then everything else.
[[nodiscard]] double before(double seconds, std::string_view span);

}  // namespace luamig::codec
