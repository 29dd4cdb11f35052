#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/settings.hpp"
#include "db/mask.hpp"

namespace luamig::config {
namespace {

constexpr std::size_t shortest = 8;

[[noreturn]] void refuse_unknown(const std::vector<secret_setting>& secrets,
                                 std::string_view name) {
  std::vector<std::string> names;
  for (const secret_setting& s : secrets) names.push_back(s.name);
  throw error{errc::config,
              "luamig.toml has no secret '" + text::escape_controls(name) + "'" +
                  text::did_you_mean(name, names),
              "[secrets] " + std::string(name) + " = \"${" + std::string(name) + "}\", or " +
                  std::string(name) + " = { file = \"path\" }"};
}

std::string in_file(const secret_setting& secret) {
  std::string value = file::read(secret.file);
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  return value;
}

}  // namespace

std::string read_secret(const std::vector<secret_setting>& secrets, std::string_view name) {
  const auto found = std::find_if(secrets.begin(), secrets.end(),
                                  [&](const secret_setting& s) { return s.name == name; });
  if (found == secrets.end()) refuse_unknown(secrets, name);
  const std::string which = "the secret '" + found->name + "' (" + found->from + ")";
  if (!found->missing.empty())
    throw error{errc::config, which + " needs ${" + found->missing + "}, which is not set",
                "set it in the environment or in .env"};
  std::string value = found->file.empty() ? found->value : in_file(*found);
  if (value.size() < shortest)
    throw error{errc::config,
                which + " is shorter than 8 bytes: it could not be hidden in what is printed",
                "`openssl rand -hex 32` makes one"};
  db::hide(value);
  return value;
}

}  // namespace luamig::config
