#include "worker/error_packing.hpp"

#include <array>

namespace luamig::worker {
namespace {

constexpr std::array texts{&error::message,    &error::sql,      &error::sqlstate,
                           &error::kind,       &error::table,    &error::column,
                           &error::constraint, &error::revision, &error::revision_message,
                           &error::function,   &error::file,     &error::state_after,
                           &error::hint};

}  // namespace

void put(packer& to, const error& e) {
  to.put(e.code);
  for (const auto member : texts) to.put(e.*member);
  to.put(e.line).put(e.signal).put(static_cast<unsigned char>(e.half_done));
}

error get_error(unpacker& from) {
  error e(from.one_of(errc::sql), {});
  for (const auto member : texts) e.*member = from.text();
  e.line = from.number<int>();
  e.signal = from.number<int>();
  e.half_done = from.flag();
  return e;
}

}  // namespace luamig::worker
