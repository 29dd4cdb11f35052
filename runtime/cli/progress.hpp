#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/terminal.hpp"
#include "engine/observer.hpp"

namespace luamig::cli {

/// Progress for people, on stderr: on a terminal one line that is rewritten at most ten times a
/// second, elsewhere one line a step. `explain`: why each step is in the plan.
/// `announced` is called once, when the run's database has been named.
[[nodiscard]] std::unique_ptr<engine::observer> human_progress(
    const terminal& to, bool explain, std::function<void()> announced = [] {});

/// Progress as the events of docs/json.md, one object a line. `env` as in render_json.
[[nodiscard]] std::unique_ptr<engine::observer> json_progress(std::ostream& out, std::string env,
                                                              loudness loud);

}  // namespace luamig::cli
