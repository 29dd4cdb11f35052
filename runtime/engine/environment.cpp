#include "engine/environment.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace luamig::engine {
namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string why_elsewhere(const script::header& head, const environment& here) {
  if (head.environments.empty() || holds(head.environments, here.name)) return {};
  return "for " + text::join(head.environments, ", ") + " only";
}

void require_known(const script::script& script, const environment& here) {
  for (const std::string& name : script.head.environments) {
    if (holds(here.known, name)) continue;
    error e(errc::script,
            "revision '" + script.head.revision + "' is for the environment '" + name +
                "', which luamig.toml does not have" + text::did_you_mean(name, here.known),
            here.known.empty() ? "a section [env." + name + "] makes it one"
                               : "its environments: " + text::join(here.known, ", "));
    e.revision = script.head.revision;
    e.file = script.name;
    e.line = script.head.environments_line;
    throw e;
  }
}

}  // namespace luamig::engine
