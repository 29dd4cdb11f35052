#include "engine/measuring_sink.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <type_traits>
#include <vector>

#include "base/text.hpp"
#include "db/lexer.hpp"

namespace luamig::engine {
namespace {

constexpr std::size_t longest_shown = 80;

/// Functions of PostgreSQL that do what no rollback undoes.
constexpr std::array lasting{"dblink_exec",   "dblink_send_query", "dblink",        "lo_export",
                             "pg_file_write", "pg_file_unlink",    "pg_file_rename"};

/// The statement without CONCURRENTLY: the word, or the option in parentheses, which go with it
/// where it is the only one. Nothing where it has none.
std::optional<std::string> without_concurrently(std::string_view sql) {
  std::vector<db::token> all;
  std::optional<std::size_t> at;
  db::lexer tokens{sql, db::engine::postgresql};
  while (const auto t = tokens.next()) {
    const bool is_word = t->what == db::token::sort::word;
    if (is_word && !at && text::lower_ascii(t->text) == "concurrently") at = all.size();
    all.push_back(*t);
  }
  if (!at) return std::nullopt;
  std::size_t first = *at;
  std::size_t last = first + 1;
  std::size_t before = first;  // the first of the blanks before it
  while (before > 0 && all[before - 1].what == db::token::sort::space) --before;
  const std::string_view around = before == 0 ? std::string_view() : all[before - 1].text;
  if (around == "(" || around == ",") {
    while (last < all.size() && all[last].text != "," && all[last].text != ")") ++last;
    const bool is_last = last == all.size() || all[last].text == ")";
    first = around == "," || is_last ? before - 1 : before;
    if (around == "(") ++last;
  }
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < first || i >= last) out += all[i].text;
  }
  return out;
}

/// The first function that a statement calls and no rollback undoes; "" for none. A table or a
/// function that is made under such a name is none.
std::string lasting_call(std::string_view sql) {
  db::lexer tokens{sql, db::engine::postgresql};
  std::string before;
  std::string word;
  while (const auto t = tokens.next()) {
    if (t->text == "(" && std::find(lasting.begin(), lasting.end(), word) != lasting.end() &&
        before != "function" && before != "table" && before != "into" && before != "exists") {
      return word;
    }
    if (t->what == db::token::sort::space) continue;
    before = word == "." ? before : word;
    const bool quoted = t->text.size() > 1 && t->text.front() == '"';
    word = quoted ? std::string(t->text.substr(1, t->text.size() - 2)) : text::lower_ascii(t->text);
  }
  return "";
}

[[noreturn]] void refuse(const statement& s, const std::string& why, const std::string& hint) {
  error e(errc::migration, why, hint);
  e.sql = s.sql;
  e.file = s.file;
  e.line = s.line;
  e.kind = "refused";
  throw e;
}

}  // namespace

/// The host looks, then the script speaks again.
template <class Look>
void measuring_sink::as_host(const statement& s, Look look) {
  reader().act_as(db::authority::host);
  look();
  reader().act_as(s.keeps_undo ? db::authority::undo_keeper : db::authority::script);
}

/// What a dry run cannot take back, be it in a transaction or on a copy.
void measuring_sink::refuse_lasting(const statement& s) {
  const std::string where = rehearses_ ? "rolls back" : "throws away with its copy";
  if (const std::string function = lasting_call(s.sql); !function.empty()) {
    refuse(s,
           "this statement calls " + function + "(), whose work is nothing that a dry run " + where,
           "try the revisions before it, and this one on a server of its own");
  }
  if (!rehearses_ && reader().inspect(s.sql).of_server) {
    refuse(s,
           "this statement changes what all databases of the server share, which a dry run on a "
           "copy does not throw away",
           "luamig upgrade --dry-run rolls it back; or try the copy on a server of its own");
  }
}

void measuring_sink::before(const statement& s) {
  if (!keeps_files_ && kind() == db::engine::postgresql) refuse_lasting(s);
  as_host(s, [&] { meter_.before(s); });
}

template <class Action>
auto measuring_sink::measured(const statement& s, Action action) {
  using clock = std::chrono::steady_clock;
  struct unless_done {
    meter& of;
    bool done = false;
    ~unless_done() {
      if (!done) of.failed();
    }
  };
  before(s);
  unless_done guard{meter_};
  const auto began = clock::now();
  const auto answer = action();
  guard.done = true;
  std::int64_t affected = 0;
  if constexpr (std::is_same_v<decltype(answer), const std::int64_t>) affected = answer;
  const double took = std::chrono::duration<double>(clock::now() - began).count();
  as_host(s, [&] { meter_.after(s, took, affected); });
  return answer;
}

/// What a rehearsal runs instead; nothing: it is left out.
std::optional<statement> measuring_sink::simulated(const statement& s) {
  if (!rehearses_ || !s.alone) return s;
  statement within = s;
  within.alone = false;
  if (auto plain = without_concurrently(s.sql)) {
    within.sql = *std::move(plain);
    return within;
  }
  return std::nullopt;
}

void measuring_sink::ready(const statement& s) {
  if (const auto within = simulated(s)) behind_.ready(*within);
}

std::int64_t measuring_sink::execute(const statement& s) {
  const auto within = simulated(s);
  const std::string where =
      " (" + s.file + ":" + std::to_string(s.line) + "): " + text::shorten(s.sql, longest_shown);
  if (!within) {
    meter_.not_simulated("not run, for it works outside a transaction only" + where);
    return 0;
  }
  if (rehearses_ && s.alone) {
    meter_.not_simulated(
        "run in the transaction, without CONCURRENTLY: its locks and its time are others" + where);
  }
  return measured(*within, [&] { return behind_.execute(*within); });
}

void measuring_sink::execute_each(const statement& s, const db::row_block& rows,
                                  const db::tally& affected) {
  measured(s, [&] {
    behind_.execute_each(s, rows, affected);
    return 0;
  });
}

std::optional<std::int64_t> measuring_sink::execute_with(const statement& s,
                                                         db::row_program& program) {
  return measured(s, [&] { return behind_.execute_with(s, program); });
}

void measuring_sink::writes(const statement& s) {
  before(s);
  behind_.writes(s);
}

void measuring_sink::wrote(const statement& s, double seconds, std::int64_t rows) {
  behind_.wrote(s, seconds, rows);
  meter_.after(s, seconds, rows);
}

db::cursor measuring_sink::open(const statement& s, bool streaming) {
  return measured(s, [&] { return behind_.open(s, streaming); });
}

void measuring_sink::host(const std::string& sql) {
  const bool begins = sql.starts_with("SAVEPOINT");
  if (begins) meter_.enter();
  behind_.host(sql);
  if (sql.starts_with("ROLLBACK TO")) meter_.undone();
  if (sql.starts_with("RELEASE")) meter_.kept();
}

void measuring_sink::rewrite(const statement& s, const db::stored_text& as) {
  measured(s, [&] {
    behind_.rewrite(s, as);
    return 0;
  });
}

void measuring_sink::rebuild(bool begins) {
  if (!begins) behind_.rebuild(begins);
  as_host({}, [&] { meter_.rebuild(begins); });
  if (begins) behind_.rebuild(begins);
}

bool measuring_sink::keeps_file(const std::string& path) {
  if (keeps_files_) return behind_.keeps_file(path);
  meter_.not_simulated("not put in its place: the file " + path);
  return false;
}

void measuring_sink::begin() {
  behind_.steps()->begin();
  meter_.enter();
}

void measuring_sink::finish(std::string_view record, std::string_view reverse,
                            const step_counts& counts) {
  meter_.commits();
  behind_.steps()->finish(record, reverse, counts);
  meter_.kept();
  ended();
}

/// A transaction of the revision's own, and no savepoint.
void measuring_sink::ended() {
  if (!rehearses_) meter_.ended();
}

/// One part is committed, and the next one begins.
template <class Action>
void measuring_sink::committed(Action action) {
  meter_.commits();
  action();
  meter_.kept();
  ended();
  meter_.enter();
}

void measuring_sink::keep_part(std::string_view record, std::string_view reverse,
                               const step_counts& counts) {
  committed([&] { behind_.steps()->keep_part(record, reverse, counts); });
}

void measuring_sink::keep_ranges(std::string_view record, std::string_view reverse,
                                 const step_counts& counts,
                                 const std::vector<std::string>& ranges) {
  committed([&] { behind_.steps()->keep_ranges(record, reverse, counts, ranges); });
}

void measuring_sink::keep_range(std::size_t number, std::string_view record,
                                const step_counts& counts) {
  committed([&] { behind_.steps()->keep_range(number, record, counts); });
}

void measuring_sink::undo_part() noexcept {
  behind_.steps()->undo_part();
  meter_.undone();
  ended();
}

void measuring_sink::undo() noexcept {
  behind_.steps()->undo();
  meter_.undone();
  meter_.kept();
  ended();
}

}  // namespace luamig::engine
