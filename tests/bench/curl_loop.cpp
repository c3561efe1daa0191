// The rival of the benchmark `deliver`: mails over one connection, nothing noted. Arguments: URL COUNT.
#include <curl/curl.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

std::string rest;

std::size_t give(char* buffer, std::size_t size, std::size_t count, void*) {
  const std::size_t bytes = std::min(size * count, rest.size());
  std::memcpy(buffer, rest.data(), bytes);
  rest.erase(0, bytes);
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* const handle = curl_easy_init();
  curl_slist* const to = curl_slist_append(nullptr, "<li@example.com>");
  curl_easy_setopt(handle, CURLOPT_URL, argv[1]);
  curl_easy_setopt(handle, CURLOPT_MAIL_FROM, "<crm@example.com>");
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, to);
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, give);
  for (int left = std::atoi(argv[2]); left > 0; --left) {
    rest = "From: crm@example.com\r\nTo: li@example.com\r\nSubject: Subject\r\n\r\nBody\r\n";
    if (curl_easy_perform(handle) != CURLE_OK) return 1;
  }
  curl_slist_free_all(to);
  curl_easy_cleanup(handle);
  return 0;
}
