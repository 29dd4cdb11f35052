#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/settings.hpp"
#include "engine/migrator.hpp"

/// What commands return: data, printed by render_human or render_json and by nothing else.
namespace luamig::cli {

/// One revision as output shows it.
struct revision_view {
  std::string revision;
  std::string message;
  std::string notes;
  std::string path;  ///< as a person would open it from here
  std::vector<std::string> down_revision;
  std::vector<std::string> depends_on;
  std::vector<std::string> branch_labels;  ///< its own and those of its branch
  std::vector<std::string> next;           ///< children over down_revision
  bool head = false;                       ///< nothing stands on it
  bool effective_head = false;             ///< no child, but another branch depends on it
  bool branch_point = false;
  bool merge_point = false;
  bool current = false;  ///< a row of the version table, where that was asked for
  std::string state;     ///< "applied" or "pending", where a database was asked
};

/// Finished text: help, completions, an init's list.
struct text_report {
  std::string text;
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
  std::vector<revision_view> items;  ///< newest first
  history_format format = history_format::text;
  bool verbose = false;
  bool graph = false;
};

struct show_report {
  std::vector<revision_view> items;
  std::optional<std::string> source;  ///< instead of the block
};

struct status_report {
  struct row {
    std::string revision;
    std::string message;
    std::string state;  ///< "applied", "pending", "modified", "missing"
    std::string when;   ///< UTC; "" where the books do not say
    std::string by;
    std::optional<double> seconds;
    bool head = false;
  };
  std::string shown_url;
  std::vector<row> items;  ///< in the order of application
};

struct plan_report {
  struct step {
    std::string revision;
    std::string direction;
    std::string message;
    std::string why;
  };
  std::vector<step> steps;
  std::vector<std::string> heads;
};

/// The end of a run; its steps were reported while it went on.
struct run_report {
  engine::run_report run;
  std::string verb;                      ///< "applied", "reverted", "stamped", "run"
  std::vector<std::string> shown_heads;  ///< "c0ffee123456 (head)"
};

struct config_report {
  std::vector<config::settings::entry> items;
};

struct templates_report {
  std::vector<std::pair<std::string, std::string>> items;  ///< name, description
};

/// A check that found nothing, or one sentence of what was done.
struct done_report {
  std::string event;
  std::string message;  ///< said on stderr
};

struct report {
  std::variant<text_report, files_report, revisions_report, branches_report, history_report,
               show_report, status_report, plan_report, run_report, config_report, templates_report,
               done_report>
      body;
  std::vector<std::string> warnings;
  int exit = 0;
};

}  // namespace luamig::cli
