#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "engine/effects.hpp"
#include "engine/sink.hpp"
#include "graph/plan.hpp"

namespace luamig::engine {

/// What a run looks like from outside. Printers are observers; nothing else prints.
class observer {
 public:
  virtual ~observer() = default;

  struct run_info {
    std::string shown_url;
    graph::direction way = graph::direction::upgrade;
    std::string target;
    const graph::plan* plan = nullptr;
  };
  struct step_info {
    std::string revision;
    std::string message;
    graph::direction way = graph::direction::upgrade;
    std::size_t index = 0;  ///< from 1
    std::size_t total = 0;
    std::string why;
    std::string skipped{};  ///< why its script does not run here, "" when it does
  };
  struct step_result {
    step_info step;
    double seconds = 0;
    std::int64_t statements = 0;
    std::int64_t rows = 0;
  };
  /// How far one operation on many rows has come.
  struct rows_done {
    std::string what;                   ///< "backfill users"; "": it has come to its end
    std::int64_t rows = 0;              ///< also those of earlier attempts
    std::optional<std::int64_t> total;  ///< a guess, at least `rows`; nothing: nobody knows
    double rate = 0;                    ///< rows a second, in this run
    double seconds = 0;                 ///< since it began in this run
  };
  enum class level { debug, info, warning };

  virtual void run_started(const run_info&) {}
  virtual void step_started(const step_info&) {}
  virtual void step_finished(const step_result&) {}
  virtual void step_failed(const step_info&, const error&) {}
  /// One statement that ran (-vv), with its time.
  virtual void statement_ran(const statement&, double /*seconds*/) {}
  /// What the step that was finished, or failed, has done; with run_options::measures.
  virtual void measured(const revision_effects&) {}
  /// Rows were worked on. Said for every block of them: a printer picks.
  virtual void rows_worked(const rows_done&) {}
  /// A line of a script's log() or print(), or a notice of the engine's.
  virtual void message(level, std::string_view /*text*/) {}
  /// Waiting for the lock, said soon and then every few seconds. SQLite knows no holder: "".
  virtual void waiting_for_lock(std::string_view /*holder*/, double /*seconds*/) {}
};

}  // namespace luamig::engine
