#pragma once

#include <memory>

#include "broker/remote_door.hpp"
#include "broker/servant.hpp"

namespace luamig::broker {

/// Of results, writers and files, each.
constexpr std::size_t most_open = 4096;

/// A query; of its block, `sent` rows have gone to the worker.
struct servant::reader {
  std::unique_ptr<engine::row_source> rows;
  std::size_t sent = 0;
};

struct servant::writer {
  std::unique_ptr<engine::row_intake> rows;
};

/// One of the two.
struct servant::open_file {
  engine::script_files::reader read;
  std::unique_ptr<engine::written_file> write;
};

}  // namespace luamig::broker
