#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cli/revision_list.hpp"
#include "config/settings.hpp"
#include "engine/migrator.hpp"
#include "engine/plan_record.hpp"
#include "engine/rejects.hpp"
#include "graph/plan.hpp"

/// What commands return: data, printed by render_human or render_json and by nothing else.
namespace luamig::cli {

/// Finished text: help, completions, an init's list.
struct text_report {
  std::string text;
};

/// `--version`: "0.1.0".
struct version_report {
  std::string version;
};

/// Files that were made.
struct files_report {
  std::string event;  ///< "init", "revision", "merge"
  std::string revision;
  std::vector<std::string> paths;
  std::vector<std::string> kept;  ///< there already, left alone
};

/// `current` and `heads`.
struct revisions_report {
  std::string event;
  std::vector<revision_view> items;
  bool verbose = false;
  std::string shown_url;  ///< of `current -v`
};

struct branches_report {
  struct branch {
    revision_view point;
    std::vector<revision_view> children;
  };
  std::vector<branch> items;
  bool verbose = false;
};

enum class history_format { text, json, dot, mermaid };

struct history_report {
  revision_list items;  ///< newest first
  history_format format = history_format::text;
  bool verbose = false;
  bool graph = false;
};

struct show_report {
  std::vector<revision_view> items;
  std::optional<std::string> source;  ///< instead of the block, or
  bool with_block = false;            ///< below it
};

struct status_report {
  struct row {
    std::string revision;
    std::string message;
    std::string state;  ///< "applied", "stamped", "skipped", "pending", "modified", "comments
                        ///< changed", "half done", "missing"
    std::string when;   ///< UTC; "" where the books do not say
    std::string by;
    std::optional<double> seconds;
    bool head = false;
    std::optional<std::int64_t> steps{};  ///< of one that is half done: how many of its steps are
    bool paused = false;                  ///< luamig ctl pause
    std::string part{};                   ///< of the next one, "43 %"; "": nothing
    std::int64_t rows = 0;                ///< of the next one
    std::int64_t of_rows = 0;             ///< 0: nobody knows
  };
  std::string shown_url;
  std::vector<row> items;  ///< in the order of application
};

/// `rejects`: rows that were left out.
struct rejects_report {
  std::vector<engine::rejected_row> items;
  bool whole = false;  ///< one of them, with everything
};

/// `rejects retry`: what became of rejected rows that were tried again.
struct retried_report {
  engine::retry_report run;
};

struct plan_report {
  graph::plan plan;
  std::vector<std::string_view> messages;  ///< by step; those of the script directory
  /// By step, where they are written down and were not measured, which has shown them.
  std::vector<std::vector<engine::planned_operation>> operations{};
};

/// The end of a run; its steps were reported while it went on.
struct run_report {
  engine::run_report run;
  std::string verb;                      ///< "applied", "reverted", "stamped"; "" with `reverted`
  std::vector<std::string> shown_heads;  ///< "c0ffee123456 (head)"
  /// Of redo and reset: so many of the first steps took a revision back, the rest applied one.
  std::optional<std::size_t> reverted;
  std::string shown_url{};
  /// Nothing was changed: this is what would have been.
  bool dry_run = false;
  /// The scripts ran in the sandbox, where they take longer: its times are upper bounds.
  bool sandboxed = false;
};

struct config_report {
  std::vector<config::settings::entry> items;
};

struct templates_report {
  std::vector<std::pair<std::string, std::string>> items;  ///< name, description
};

/// `check` and `schema diff`: what differs, one line each.
struct difference_report {
  std::vector<std::string> items;
  std::string message;  ///< said on stderr
};

/// A check that found nothing, or one sentence of what was done.
struct done_report {
  std::string event;
  std::string message;  ///< said on stderr
};

struct report {
  std::variant<text_report, version_report, files_report, revisions_report, branches_report,
               history_report, show_report, status_report, rejects_report, retried_report,
               plan_report, run_report, config_report, templates_report, difference_report,
               done_report>
      body;
  std::vector<std::string> warnings;
  int exit = 0;
};

}  // namespace luamig::cli
