#pragma once

#include <chrono>
#include <string>

#include "cli/context.hpp"

/// What the commands that change a database have in common.
namespace luamig::cli {

/// The options of a run, after --create-db and --wait have had their way.
[[nodiscard]] engine::run_options prepare_run(context& in, bool create);

/// upgrade and downgrade, running or with --sql.
[[nodiscard]] report run_or_write(context& in, graph::direction way, const std::string& target);

/// A downgrade where no database is: the target is judged as at base.
[[nodiscard]] report downgrade_nothing(context& in, const std::string& target);

/// What happens to the revisions of such a run: "applied".
[[nodiscard]] std::string verb_of(graph::direction way);

/// The report of a run's end, with the exit status it stands for.
/// `verb` is what happened to its revisions: "applied".
[[nodiscard]] report finish_run(context& in, engine::run_report done, std::string verb);

/// redo and reset: down to a target and up again.
[[nodiscard]] report run_down_and_up(context& in, const engine::run_options& options,
                                     const std::string& down, const std::string& up);

/// In a protected environment: asks before taking revisions back, where there is one to take back.
void confirm_loss(context& in, const std::string& target);

/// Returns once the server accepts connections; after `patience` throws what the last attempt said.
/// What waiting cannot cure (a wrong URL or password, no such database) is thrown at once.
void wait_for_server(context& in, std::chrono::milliseconds patience);

/// "30s" as a duration; anything else is error{errc::usage} naming the option.
[[nodiscard]] std::chrono::milliseconds duration(const std::string& given,
                                                 const std::string& option);

/// Says on stderr which id a prefix shorter than four characters was taken for.
void explain_short_prefix(context& in, const std::string& symbol);

}  // namespace luamig::cli
