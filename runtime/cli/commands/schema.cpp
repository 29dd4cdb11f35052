#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/schemas.hpp"
#include "db/url.hpp"

namespace luamig::cli {
namespace {

using words = std::vector<std::string>;

[[noreturn]] void refuse_words() {
  throw error{errc::usage, "this is nothing to do with a schema",
              "luamig schema dump [--sql], luamig schema diff [A] B, luamig schema show [TABLE]"};
}

std::string only(const std::vector<std::string>& texts) {
  return texts.empty() ? std::string() : texts.front();
}

/// What a word of `diff` means: a database, the models, or a file of either kind.
void read_side(context& in, engine::schema_desk& desk, const std::string& name,
               const std::string& word) {
  if (word == "models") {
    build_models(in, desk, name);
  } else if (word.find("://") != std::string::npos) {
    read_other(in, desk, name, db::parse_url(word, working_directory()));
  } else {
    desk.build(name, word, file::read(word), in.here.reader());
  }
}

report run_diff(context& in, const words& given) {
  engine::schema_desk desk = make_desk(in);
  if (given.size() == 2) {
    read_side(in, desk, "a", given[0]);
  } else {
    read_database(in, desk, "a");
  }
  read_side(in, desk, "b", given.back());
  return difference_of(desk.ask("compare", {"a", "b"}, in.here.reader()), "no difference", "");
}

}  // namespace

report run_schema(context& in) {
  const std::string what = in.args.words[0];
  const words given(in.args.words.begin() + 1, in.args.words.end());
  if (in.args.has("sql") && what != "dump") refuse_words();
  if (what == "diff" && !given.empty()) return run_diff(in, given);
  const bool shows = what == "show" && given.size() <= 1;
  if (!shows && (what != "dump" || !given.empty())) refuse_words();
  engine::schema_desk desk = make_desk(in);
  read_database(in, desk, "database");
  if (shows) {
    words asked{"database"};
    asked.insert(asked.end(), given.begin(), given.end());
    return {text_report{only(desk.ask("show", asked, in.here.reader()))}, {}};
  }
  const std::string form = in.args.has("sql") ? "sql" : "models";
  return {text_report{only(desk.ask("dump", {"database", form}, in.here.reader()))}, {}};
}

}  // namespace luamig::cli
