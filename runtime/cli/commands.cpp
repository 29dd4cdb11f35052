#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/commands/all.hpp"

namespace luamig::cli {
namespace {

constexpr std::size_t any = static_cast<std::size_t>(-1);

constexpr std::array global{
    option_row{"-c,--config", "FILE", "luamig.toml, else searched upwards (LUAMIG_CONFIG)"},
    option_row{"-n,--env,--name", "NAME", "section [env.NAME], or 'all' (LUAMIG_ENV)"},
    option_row{"-u,--url", "URL", "the database"},
    option_row{"-x", "KEY[=VALUE]", "an argument for the scripts: x.KEY", true},
    option_row{"-q,--quiet", "", "no messages but errors"},
    option_row{"-v,--verbose", "", "more; -vv: every statement with its time"},
    option_row{"--json", "", "JSON on stdout"},
    option_row{"--color", "WHEN", "auto, always or never"},
    option_row{"--no-input", "", "never ask"},
    option_row{"--yes", "", "yes to every question"},
    option_row{"-V,--version", "", "the version"},
    option_row{"-h,--help", "", "this help"},
};

constexpr std::array init_options{
    option_row{"-t,--template", "NAME", "one of `luamig list-templates`"},
};

constexpr option_row message{"-m,--message", "TEXT", "what it does, in one line"};
constexpr option_row branch_label{"--branch-label", "LABEL", "a name for the branch", true};
constexpr option_row rev_id{"--rev-id", "ID", "this id instead of a random one"};

constexpr std::array revision_options{
    message,
    option_row{"--autogenerate", "", "write what the models have and the database has not"},
    option_row{"--head", "REV", "stand on this head (or 'base')", true},
    option_row{"--splice", "", "stand on a revision that is not a head"},
    branch_label,
    option_row{"--depends-on", "REV", "needs this revision first", true},
    rev_id,
    option_row{"--sql-file", "", "a file of plain SQL instead of Lua"},
    option_row{"--version-path", "DIR", "which of the version locations"},
};

constexpr std::array merge_options{message, branch_label, rev_id};

constexpr option_row sql{"--sql", "", "write SQL to stdout instead of running it"};
constexpr option_row lock_wait{"--lock-wait", "TIME", "how long to wait for another run (60s)"};
constexpr option_row wait{"--wait", "TIME", "wait that long for the server to accept connections"};

constexpr option_row dry_run{"--dry-run", "", "run it all, say what it does, and roll it back",
                             false, "copy"};
constexpr option_row report_file{"--report", "FILE", "of a dry run: a page of HTML"};
constexpr option_row max_block{"--max-block", "TIME",
                               "end a dry run that keeps anybody waiting so long (1s; 0: never)"};

constexpr option_row sandbox{"--sandbox", "",
                             "run the scripts in a process that is shut in, as a dry run does",
                             false, "require|off"};

constexpr std::array run_options{
    sql,
    dry_run,
    report_file,
    max_block,
    sandbox,
    option_row{"--tag", "TEXT", "text that scripts and the books can read"},
    lock_wait,
    option_row{"--statement-timeout", "TIME", "longest statement (0: none)"},
    option_row{"--single-transaction", "", "all revisions or none"},
    wait,
    option_row{"--explain", "", "say why each revision is in the plan"},
    option_row{"--create-db", "", "make the database where it is missing"},
};

/// What goes back finds nothing to take back in a database that is made for it.
constexpr std::span<const option_row> downgrade_options =
    std::span(run_options).first(run_options.size() - 1);

/// Both ways in one run cannot be one text: no --sql, and no dry run.
constexpr std::span<const option_row> both_ways_options = downgrade_options.subspan(4);

constexpr std::array apply_options{
    sandbox,
    option_row{"--tolerance", "PART", "how far the rows may be from what was measured (10%)"},
    lock_wait,
    wait,
    option_row{"--create-db", "", "make the database where it is missing"},
};
constexpr std::array loose_options{
    option_row{"--durable", "",
               "step by step, each committed; the same command goes on after a fault"},
    option_row{"--dry-run", "", "run it, say what it does, and roll it back"},
    max_block,
    sandbox,
    option_row{"--tag", "TEXT", "text that the script can read"},
    lock_wait,
    option_row{"--statement-timeout", "TIME", "longest statement (0: none)"},
};
/// Each entry is done at once.
constexpr std::span<const option_row> shell_options = std::span(loose_options).subspan(1);

constexpr std::array plan_options{
    option_row{"-o,--output", "FILE", "write it down, with its operations, for `luamig apply`"},
    option_row{"--measure", "", "with -o: try it in a dry run, and write down what it does", false,
               "copy"},
    sandbox,
    option_row{"--from", "REVS", "start there instead of asking the database", true},
};

constexpr std::array current_options{
    option_row{"--check-heads", "", "exit 6 unless the database is at all heads"},
};

constexpr std::array heads_options{
    option_row{"--resolve-dependencies", "", "leave out heads that others depend on"},
};

constexpr std::array history_options{
    option_row{"-r,--rev-range", "A:B", "only these; either side may be empty"},
    option_row{"-i,--indicate-current", "", "mark where the database is"},
    option_row{"--graph", "", "draw the branches"},
    option_row{"--format", "FORMAT", "text, json, dot or mermaid"},
};

constexpr std::array show_options{option_row{"--source", "", "print the file"}};
constexpr std::array status_options{
    option_row{"--check", "", "exit 6 unless everything is applied and unchanged"},
};
constexpr std::array stamp_options{
    sql,
    option_row{"--purge", "", "remove every row first, whatever it is"},
    lock_wait,
};
constexpr std::array abort_options{lock_wait};
constexpr std::array rejects_options{lock_wait, sandbox};
constexpr std::array ensure_version_options{lock_wait};
constexpr std::array check_options{
    option_row{"--single-head", "", "check this alone: exit 6 where there are several heads"},
    option_row{"--drift", "", "compare with what the applied revisions make of an empty database"},
};

constexpr std::array schema_options{
    option_row{"--sql", "", "of dump: SQL instead of models.lua"},
};

constexpr std::array table{
    command_row{"init", "[DIR]", "start a project: luamig.toml and DIR (migrations)", 0, 1,
                init_options, run_init, false, false},
    command_row{"revision", "", "make a new migration file and print its path", 0, 0,
                revision_options, run_revision},
    command_row{"upgrade", "[TARGET]", "apply revisions up to TARGET (heads)", 0, 1, run_options,
                run_upgrade, true, true,
                "TARGET: head, heads, an id or its beginning, +N, id+N, label, label@head, a:b"},
    command_row{"downgrade", "[TARGET]", "take revisions back down to TARGET (-1)", 0, 1,
                downgrade_options, run_downgrade, true, true,
                "TARGET: base, an id or its beginning, -N, id-N, label@base, a:b"},
    command_row{"redo", "[N]", "take the last N (1) revisions back and apply them again", 0, 1,
                both_ways_options, run_redo, true},
    command_row{"abort", "REV", "take back the steps of a durable revision that is half done", 1, 1,
                abort_options, run_abort, true},
    command_row{"ctl",
                "pause|resume|set batch=N",
                "ask something of a run that goes batch by batch",
                1,
                2,
                {},
                run_ctl,
                true,
                true,
                "heard between two batches, from any host; batch=auto: as the revision says"},
    command_row{"rejects", "[list|show|retry|drop] [ID]", "rows that a backfill left out, and why",
                0, 2, rejects_options, run_rejects, true, true,
                "luamig rejects [list], show ID, retry [REV], drop ID, drop REV, drop all; a "
                "dropped one stays "
                "as it is"},
    command_row{"reset", "", "back to base and up again; loses all data", 0, 0, both_ways_options,
                run_reset, true},
    command_row{"plan", "[upgrade|downgrade] [TARGET]", "what a run would do", 0, 2, plan_options,
                run_plan, true},
    command_row{
        "apply", "FILE", "run exactly the plan of `plan -o FILE`", 1, 1, apply_options, run_apply,
        true, true,
        "refused where files, start or schema have changed; undone where other rows change"},
    command_row{"run", "FILE", "a script with op and db, no revision: in one transaction", 1, 1,
                loose_options, run_run, true},
    command_row{"shell", "", "the same by hand: entries of Lua, committed when asked", 0, 0,
                shell_options, run_shell, false, true,
                "reads the standard input; \\help there says what can be typed"},
    command_row{"current", "", "where the database is", 0, 0, current_options, run_current, true},
    command_row{"heads", "", "revisions that nothing stands on", 0, 0, heads_options, run_heads},
    command_row{"branches", "", "revisions with more than one child", 0, 0, {}, run_branches},
    command_row{"history", "", "all revisions, newest first", 0, 0, history_options, run_history},
    command_row{"show", "REV", "one revision: head, current, an id", 1, 1, show_options, run_show},
    command_row{"status", "", "each revision: applied, pending, modified or missing", 0, 0,
                status_options, run_status, true},
    command_row{"stamp", "REVS…", "say where the database is, without running anything", 1, any,
                stamp_options, run_stamp, true},
    command_row{"merge", "REVS…", "join branches in a new revision ('heads' for all)", 1, any,
                merge_options, run_merge},
    command_row{"check", "", "would `revision --autogenerate` write anything?", 0, 0, check_options,
                run_check, true},
    command_row{"schema", "dump|diff|show", "the database's schema: as models.lua, compared, shown",
                1, 3, schema_options, run_schema, true, true,
                "dump [--sql], diff [A] B, show [TABLE]; A: the database, or as B a URL, a .lua or "
                ".sql file, 'models'"},
    command_row{"edit", "REV", "open a revision in $VISUAL or $EDITOR", 1, 1, {}, run_edit},
    command_row{
        "list-templates", "", "what `init -t` knows", 0, 0, {}, run_list_templates, false, false},
    command_row{"ensure-version", "", "make the version table where it is missing", 0, 0,
                ensure_version_options, run_ensure_version, true},
    command_row{
        "wait", "[TIME]", "until the server accepts connections (30s)", 0, 1, {}, run_wait, true},
    command_row{"config", "", "each setting and where it came from", 0, 0, {}, run_config},
    command_row{"completion",
                "bash|zsh|fish",
                "a completion script for your shell",
                1,
                1,
                {},
                run_completion,
                false,
                false},
    command_row{
        "help", "[COMMAND|exit-codes]", "more about one command", 0, 1, {}, run_help, false, false},
};

}  // namespace

std::string_view long_name(const option_row& row) noexcept {
  const std::size_t dashes = row.names.find("--");
  const std::size_t begin = dashes == std::string_view::npos ? 1 : dashes + 2;
  return row.names.substr(begin, row.names.find(',', begin) - begin);
}

std::span<const command_row> commands() noexcept { return table; }

std::span<const option_row> global_options() noexcept { return global; }

const command_row* find_command(std::string_view name) noexcept {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const command_row& row) { return row.name == name; });
  return found == table.end() ? nullptr : &*found;
}

const command_row& require_command(std::string_view name) {
  if (const command_row* found = find_command(name)) {
    return *found;
  }
  std::vector<std::string> known;
  for (const command_row& row : commands()) {
    known.emplace_back(row.name);
  }
  throw error{errc::usage,
              "unknown command '" + std::string(name) + "'" + text::did_you_mean(name, known),
              "luamig help"};
}

}  // namespace luamig::cli
