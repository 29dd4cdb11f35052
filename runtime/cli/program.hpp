#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "cli/farewell.hpp"
#include "cli/fd_buffer.hpp"
#include "config/settings.hpp"
#include "engine/cancel.hpp"
#include "engine/observer.hpp"
#include "engine/script_host.hpp"

namespace luamig::cli {

/// What the composition root puts into the commands.
struct services {
  std::function<std::unique_ptr<engine::script_host>(const config::settings&, engine::observer&)>
      make_host;
  engine::cancel* stop = nullptr;
  /// What `stop` was asked to end has ended, and something else is begun.
  std::function<void()> take_up_again;
  farewell* last_words = nullptr;
  std::ostream* out = nullptr;      ///< data
  const fd_buffer* sink = nullptr;  ///< where `out` ends; none: it takes everything
  std::ostream* err = nullptr;      ///< messages and progress
  std::istream* in = nullptr;
  bool out_is_terminal = false;
  bool one_place = false;  ///< out and err end in the same file or terminal
  bool err_is_terminal = false;
  bool in_is_terminal = false;
  bool has_sandbox = false;  ///< make_host can have a process for the scripts
  config::environment env;
};

/// Runs one command line and returns its exit status. Prints every error itself, human or JSON,
/// also that what it printed could not be written.
int run(const std::vector<std::string>& arguments, const services& with);

}  // namespace luamig::cli
