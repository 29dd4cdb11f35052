#include "script/repeatable.hpp"

#include "base/file.hpp"
#include "script/checksum.hpp"
#include "script/file_list.hpp"
#include "script/requirements.hpp"
#include "script/sql_file.hpp"

namespace luamig::script {
namespace {

namespace fs = std::filesystem;

repeatable read(const fs::path& migrations, const std::string& file_name) {
  repeatable made;
  made.file.name = "repeatable/" + file_name;
  made.file.path = migrations / "repeatable" / file_name;
  made.file.text = normalise(file::read(made.file.path));
  made.file.head = scan_repeatable(made.file.text, made.file.name);
  made.file.head.revision = made.file.name;
  made.checksum = checksum(made.file.text);
  if (!is_sql_name(file_name)) made.required = checksum_of(required_by(migrations, made.file.text));
  return made;
}

}  // namespace

std::vector<repeatable> read_repeatables(const fs::path& migrations) {
  std::vector<repeatable> all;
  if (!file::exists(migrations / "repeatable")) return all;
  for (const std::string& name : list_scripts(migrations / "repeatable")) {
    all.push_back(read(migrations, name));
  }
  return all;
}

}  // namespace luamig::script
