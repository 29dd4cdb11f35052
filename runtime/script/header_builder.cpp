#include "script/header_builder.hpp"

#include <utility>

#include "base/error.hpp"

namespace luamig::script {

void header_builder::first_time(header_name name, int line, const std::string& what) {
  int& known = line_of_[static_cast<std::size_t>(name)];
  if (known != 0) {
    throw error_at(errc::script, path_, line,
                   what + " twice, first on line " + std::to_string(known), "keep one of the two");
  }
  known = line;
}

void header_builder::set_revision(std::string id, int line) {
  check_id(id, path_, line);
  head.revision = std::move(id);
  head.revision_line = line;
}

void header_builder::set_list(header_name name, std::vector<std::string> items, int line) {
  if (name == header_name::environments) {
    head.environments = std::move(items);
    head.environments_line = line;
  } else if (name == header_name::down_revision) {
    for (const std::string& id : items) check_id(id, path_, line);
    head.down_revision = std::move(items);
    head.down_revision_line = line;
  } else if (name == header_name::depends_on) {
    head.depends_on = std::move(items);
    head.depends_on_line = line;
  } else {
    head.branch_labels = std::move(items);
    head.branch_labels_line = line;
  }
}

}  // namespace luamig::script
