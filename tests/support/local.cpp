// SPDX-License-Identifier: MIT
#include <tests/support/local.hpp>

#include <fstream>
#include <iterator>
#include <random>

namespace portsock::tests {

namespace fs = std::filesystem;

namespace {

/// From UTF-8; a std::string would be taken for the code page's by some libraries.
fs::path file(std::string_view name) { return std::u8string{name.begin(), name.end()}; }

}  // namespace

bool has_local_sockets() {
  const own_folder folder;
  const auto listener = local_listener::listen(folder.address_of("probe"));
  return listener || !is_unsupported(listener.error());
}

own_folder::own_folder() {
  std::random_device random;
  do path_ = fs::temp_directory_path() / ("portsock-" + std::to_string(random()));
  while (!fs::create_directory(path_));
}

own_folder::~own_folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string own_folder::path_of(std::string_view name) const {
  const auto text = (path_ / file(name)).u8string();
  return {text.begin(), text.end()};
}

bool exists(const std::string& path) {
  return fs::symlink_status(file(path)).type() != fs::file_type::not_found;
}

void write_file(const std::string& path, std::string_view text) {
  std::ofstream{file(path), std::ios::binary} << text;
}

std::string read_file(const std::string& path) {
  std::ifstream in{file(path), std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

local_pair connect_to(local_listener& listener, const local_address& where) {
  auto here = must(local_stream::connect(where, soon()));
  return {std::move(here), must(listener.accept(soon()))};
}

}  // namespace portsock::tests
