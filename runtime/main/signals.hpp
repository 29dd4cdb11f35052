#pragma once

#include "cli/farewell.hpp"
#include "engine/cancel.hpp"
#include "engine/timed_host.hpp"

/// The signals of the process: who is told, and when it is left at once. A handler has no argument
/// of its own, so what it needs stands in the static pointers of this file.
namespace luamig::signals {

/// SIGINT and SIGTERM ask `stop`; two seconds later the process ends by itself, and says what
/// `words` has. Both must live until `ignore`.
void hear(engine::cancel& stop, cli::farewell& words);
void ignore() noexcept;
/// What `stop` was asked to end has ended in time: the next signal asks anew.
void take_up_again() noexcept;

/// Whose clock is looked at; null: nobody's.
void time(engine::timed_host* host) noexcept;
/// Has it looked at often enough for the shortest of these limits.
void start_clock(const engine::script_limits& limits);

/// In a process that was forked to work beside this one: an interrupt of the terminal is the other
/// one's affair, SIGTERM ends what it does; it is ended without a word of its own. Its clock is
/// looked at as the other one's.
void begin_beside(const engine::script_limits& limits);

}  // namespace luamig::signals
