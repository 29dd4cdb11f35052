#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "bindings/lua_host.hpp"
#include "engine/observer.hpp"
#include "worker/jail.hpp"
#include "worker/process.hpp"

namespace luamig::broker {

/// What the worker process does: runs the scripts that its host sends, shut in (worker/jail.hpp),
/// and asks the host for everything else.
void work(const worker::process::inside& in);

/// A script host whose scripts run in `in`, one process for one host after the other. It reaches
/// the database, files, secrets and output for them by what it is asked; `options` as those of a
/// Lua host. `all_layers`: throws error{errc::refused} where one of the jail is missing here.
[[nodiscard]] std::unique_ptr<engine::script_host> make_broker_host(
    worker::process& in, bindings::lua_host_options options, engine::observer& watching,
    bool all_layers);

}  // namespace luamig::broker
