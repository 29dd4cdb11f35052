#include "engine/rejects.hpp"

#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"
#include "cli/format.hpp"
#include "db/transaction.hpp"

namespace luamig::cli {
namespace {

[[noreturn]] void refuse_words() {
  throw error{errc::usage, "this is no way to look at rejected rows",
              "luamig rejects [list], luamig rejects show ID, luamig rejects retry [REV], luamig "
              "rejects drop ID|REV|all"};
}

/// The id that a word is, or nothing.
std::optional<std::int64_t> as_id(const std::string& word) {
  constexpr std::size_t longest = 18;
  if (word.empty() || word.size() > longest) return std::nullopt;
  if (word.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::stoll(word);
}

std::int64_t require_id(const std::string& word) {
  if (const auto id = as_id(word)) return *id;
  throw error{errc::usage, "'" + word + "' is no number of a rejected row",
              "luamig rejects list shows the numbers"};
}

error no_such(const std::string& word) {
  return error{errc::refused, "there is no rejected row " + word,
               "luamig rejects list shows what there is"};
}

/// A number is that of a row, unless a revision is called so.
std::int64_t drop(engine::rejects& book, const std::string& word) {
  if (word == "all") return book.drop_all();
  const std::int64_t of_revision = book.drop_of(word);
  const auto id = as_id(word);
  return of_revision > 0 || !id ? of_revision : book.drop(*id);
}

report run_drop(context& in, const std::string& word) {
  if (in.here.settings().is_protected) {
    in.person.confirm("forgetting rejected rows of " + in.here.where().shown +
                      ", which is protected,");
  }
  in.here.close_reader();
  const auto on = db::open_database(in.here.where(), in.here.open_options());
  engine::version_store store(*on, in.here.books());
  engine::rejects book(*on, store.where());
  db::transaction own(*on);
  const std::int64_t rows = drop(book, word);
  own.commit();
  if (rows == 0 && word != "all") throw no_such(word);
  return {done_report{"rejects_dropped", counted(static_cast<std::size_t>(rows), "rejected row") +
                                             " forgotten; the rows themselves stay as they are"},
          {}};
}

/// A script is gone through twice: what it says on the way is of another time.
class muted final : public engine::observer {
 public:
  explicit muted(engine::observer& to) : to_(to) {}
  void message(level how, std::string_view text) override {
    if (how == level::warning) to_.message(how, text);
  }

 private:
  engine::observer& to_;
};

report run_retry(context& in, const std::string& revision) {
  in.here.watch(std::make_unique<muted>(in.watching));
  if (in.here.settings().is_protected) {
    in.person.confirm("trying rejected rows of " + in.here.where().shown +
                      " again, which is protected,");
  }
  report result;
  if (in.here.reader() == nullptr) {
    if (!revision.empty()) throw no_such("of " + revision);
    result.body = retried_report{};
    return result;
  }
  in.here.close_reader();
  retried_report body{engine::retry_rejects(prepare_run(in, false), in.here.scripts(),
                                            in.here.host(), in.watching, revision)};
  if (body.run.remaining() > 0) result.exit = exit_status(errc::migration);
  result.body = std::move(body);
  return result;
}

}  // namespace

report run_rejects(context& in) {
  const auto& words = in.args.words;
  const std::string what = words.empty() ? "list" : words[0];
  if (what == "drop" && words.size() == 2) return run_drop(in, words[1]);
  if (what == "retry") {
    const bool all = words.size() < 2 || words[1] == "all";
    return run_retry(in, all ? "" : words[1]);
  }
  const bool shows = what == "show" && words.size() == 2;
  if (!shows && (what != "list" || words.size() > 1)) refuse_words();
  rejects_report body;
  body.whole = shows;
  if (db::connection* const database = in.here.reader(); database != nullptr) {
    engine::version_store store(*database, in.here.books());
    engine::rejects book(*database, store.where());
    if (!shows) {
      body.items = book.all();
    } else if (auto one = book.one(require_id(words[1]))) {
      body.items.push_back(*std::move(one));
    }
  }
  if (shows && body.items.empty()) throw no_such(words[1]);
  return {std::move(body), {}};
}

}  // namespace luamig::cli
