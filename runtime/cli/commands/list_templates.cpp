#include "cli/commands/all.hpp"
#include "cli/context.hpp"
#include "script/template.hpp"

namespace luamig::cli {

report run_list_templates(context&) {
  templates_report body;
  for (const script::project_template& known : script::project_templates()) {
    body.items.emplace_back(known.name, known.description);
  }
  return {std::move(body), {}};
}

}  // namespace luamig::cli
