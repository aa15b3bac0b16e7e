/**
 * The names of Docker Hub's official images: what is no such name and has no owner is nobody's.
 * Counterpart: the list of github.com/docker-library/official-images.
 */
import { DOCKER_HUB, parseReference } from '../../api/kubepad/image/reference.ts';

const OFFICIAL: ReadonlySet<string> = new Set(
  `adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux backdrop bash bonita buildpack-deps busybox caddy
  cassandra centos chronograf cirros clearlinux clefos clickhouse clojure composer convertigo couchbase couchdb crate dart debian docker drupal
  eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir emqx erlang express-gateway fedora flink fluentd friendica gazebo gcc geonetwork ghost
  golang gradle groovy haproxy haskell haxe hello-world hitch httpd hylang ibm-semeru-runtimes ibmjava influxdb irssi jetty jobber joomla jruby julia
  kapacitor kibana kong krakend lightstreamer liquibase logstash mageia mariadb matomo maven mediawiki memcached mongo mongo-express monica mono mysql
  nats nats-streaming neo4j neurodebian nextcloud nginx node notary odoo open-liberty openjdk opensuse oraclelinux orientdb percona perl phoenix photon php
  php-zendserver phpmyadmin plone postfixadmin postgres pypy python r-base rabbitmq rakudo-star redis redmine registry rethinkdb rocket.chat rockylinux ros
  ruby rust sapmachine satosa scratch silverpeas sl solr sonarqube spark spiped storm swift swipl teamspeak telegraf thrift tomcat tomee traefik
  ubuntu ubuntu-debootstrap unit varnish vault websphere-liberty wordpress xwiki yourls znc zookeeper`.split(/\s+/),
);

/** `nginx`, `docker.io/library/nginx:1`; not `nginks`, and not `team/nginx`. */
export function isOfficial(image: string): boolean {
  const reference = parseReference(image);
  return (
    reference?.registry === DOCKER_HUB && reference.path.startsWith('library/') && OFFICIAL.has(reference.path.slice('library/'.length))
  );
}
