// SPDX-License-Identifier: MIT
#pragma once

// What tests of local sockets need: a folder for their files, and two ends of a connection.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <portsock/local_socket.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {

/// Found out by opening one.
bool has_local_sockets();

/// A folder of the test's own, with a path that leaves room for names, and removed with all that is
/// in it.
class own_folder {
 public:
  own_folder();
  ~own_folder();
  own_folder(const own_folder&) = delete;
  own_folder& operator=(const own_folder&) = delete;

  std::string path_of(std::string_view name) const;
  local_address address_of(std::string_view name) const {
    return must(local_address::at(path_of(name)));
  }

 private:
  std::filesystem::path path_;
};

bool exists(const std::string& path);
void write_file(const std::string& path, std::string_view text);
std::string read_file(const std::string& path);

struct local_pair {
  local_stream here;   ///< connected
  local_stream there;  ///< was accepted
};
local_pair connect_to(local_listener& listener, const local_address& where);

/// Skips where there are no local sockets; LocalFamily says what is there instead.
class WithLocalSockets : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_local_sockets()) GTEST_SKIP() << "this system has no local sockets";
  }

  own_folder folder;
  local_address where = folder.address_of("s");
};

}  // namespace portsock::tests
