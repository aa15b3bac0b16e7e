{{/* The name of all that belongs to a release. */}}
{{- define "harbor.name" -}}
{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "harbor.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
colour: very blue
{{- end }}

{{- define "harbor.container" -}}
- name: {{ .name }}
  image: "{{ $.root.Values.image.repository }}:{{ $.root.Values.image.tag }}"
  imagePullPolcy: Always
{{- end }}
