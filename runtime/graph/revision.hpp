#pragma once

#include <string>
#include <vector>

namespace luamig::graph {

/// One revision as its header declares it. Labels and ids in `depends_on` are not resolved yet.
struct revision {
  std::string id;
  std::vector<std::string> down_revision;  ///< none: a base; several: a merge point
  std::vector<std::string> depends_on;     ///< ids or labels, anywhere in the graph
  std::vector<std::string> branch_labels;
  std::string origin;  ///< the file, for messages; may be empty
};

}  // namespace luamig::graph
